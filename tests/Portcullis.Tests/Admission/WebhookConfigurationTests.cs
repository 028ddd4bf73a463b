using System.Text.Json.Nodes;
using Portcullis.Admission;
using Portcullis.Objects.Json;
using Prometheus;

namespace Portcullis.Tests.Admission;

/// <summary>A webhook says everything about itself: its configuration is generated, and requests find it by its path.</summary>
[TestFixture]
internal sealed class WebhookConfigurationTests
{
    private static readonly WebhookAddress Local = new("https://127.0.0.1:9443", null, 443);
    private static readonly WebhookAddress InCluster = new(null, "portcullis-admission", 443);

    [Test]
    public void A_webhook_of_the_list_is_an_entry_of_the_configuration_of_its_phase()
    {
        var entries = WebhookConfigurations.Of(WebhookPhase.Validating, [new NoSundays()], Local, "authority").Array("webhooks");
        Assert.That(entries!.ToJsonString(), Is.EqualTo(
            """
            [{"name":"sundays.portcullis.dev","clientConfig":{"caBundle":"YXV0aG9yaXR5","url":"https://127.0.0.1:9443/sundays"},
            "rules":[{"apiGroups":["apps"],"apiVersions":["*"],"operations":["CREATE"],"resources":["deployments"],"scope":"*"}],
            "failurePolicy":"Fail","matchPolicy":"Equivalent","sideEffects":"None","timeoutSeconds":3,"admissionReviewVersions":["v1"],
            "namespaceSelector":{"matchExpressions":[{"key":"team","operator":"Exists"}]},"objectSelector":{"matchLabels":{"tier":"one"}}}]
            """.ReplaceLineEndings("")));
        Assert.That(WebhookConfigurations.Of(WebhookPhase.Mutating, [new NoSundays()], Local, "authority").Array("webhooks"), Is.Empty);
    }

    [Test]
    public void In_a_cluster_it_is_called_by_the_service()
    {
        var entry = WebhookConfigurations.Of(WebhookPhase.Validating, [new NoSundays()], InCluster, "authority").Array("webhooks")!.Single();
        Assert.That(
            entry.Object("clientConfig").Object("service")!.ToJsonString(),
            Is.EqualTo("""{"namespace":"portcullis-system","name":"portcullis-admission","path":"/sundays","port":443}"""));
    }

    [Test]
    public async Task A_request_is_decided_by_the_webhook_of_its_path()
    {
        var metrics = new AdmissionMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));
        var webhooks = new WebhookDispatcher([new NoSundays()], metrics);
        Assert.That((await webhooks.DecideAsync("/sundays", Request(), default))!.Message, Is.EqualTo("not on a Sunday"));
        Assert.That(await webhooks.DecideAsync("/mondays", Request(), default), Is.Null);
    }

    private static AdmissionRequest Request() => AdmissionRequest.Read(JsonNode.Parse(
        """{"apiVersion":"admission.k8s.io/v1","request":{"uid":"1","operation":"CREATE","kind":{"kind":"Deployment"},"resource":{"group":"apps","resource":"deployments"},"name":"a"}}"""))!;

    private sealed class NoSundays : IWebhook
    {
        public WebhookDefinition Definition { get; } = new("/sundays", WebhookPhase.Validating, WebhookFailurePolicy.Fail, TimeSpan.FromSeconds(3))
        {
            Matches =
            [
                new WebhookMatch("sundays.portcullis.dev", new WebhookRule(["apps"], ["deployments"], ["CREATE"]))
                {
                    Namespaces = new RequiredLabel("team"),
                    Objects = new RequiredLabel("tier", "one"),
                },
            ],
        };

        public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask<AdmissionResponse> DecideAsync(AdmissionRequest request, CancellationToken cancellationToken) =>
            ValueTask.FromResult(AdmissionResponse.Deny("not on a Sunday"));
    }
}
