using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portcullis.Admission;
using Portcullis.Objects.Json;
using Portcullis.Testing;
using Prometheus;

namespace Portcullis.Tests.Admission;

/// <summary>A webhook says everything about itself: its configuration is generated, and requests find it by its path.</summary>
[TestFixture]
internal sealed class WebhookConfigurationTests
{
    private const string Review =
        """{"apiVersion":"admission.k8s.io/v1","request":{"uid":"1","operation":"CREATE","kind":{"kind":"Deployment"},"resource":{"group":"apps","resource":"deployments"},"name":"a"}}""";

    private static readonly WebhookAddress Local = new("https://127.0.0.1:9443", null, 443, "5eg");
    private static readonly WebhookAddress InCluster = new(null, "portcullis-admission", 443, "5eg");

    private static AdmissionRequest Request() => AdmissionRequest.Read(JsonNode.Parse(Review))!;

    [Test]
    public void A_webhook_of_the_list_is_an_entry_of_the_configuration_of_its_phase()
    {
        var entries = WebhookConfigurations.Of(WebhookPhase.Validating, [new NoSundays()], Local, "authority").Array("webhooks");
        Assert.That(entries!.ToJsonString(), Is.EqualTo(
            """
            [{"name":"sundays.portcullis.dev","clientConfig":{"caBundle":"YXV0aG9yaXR5","url":"https://127.0.0.1:9443/5eg/sundays"},
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
            Is.EqualTo("""{"namespace":"portcullis-system","name":"portcullis-admission","path":"/5eg/sundays","port":443}"""));
    }

    [Test]
    public async Task A_request_is_decided_by_the_webhook_of_its_path()
    {
        var metrics = new AdmissionMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));
        var webhooks = new WebhookDispatcher([new NoSundays()], metrics);
        Assert.That((await webhooks.DecideAsync("/sundays", Request(), default)).Message, Is.EqualTo("not on a Sunday"));
        Assert.That((webhooks.Has("/sundays"), webhooks.Has("/mondays")), Is.EqualTo((true, false)));
    }

    /// <summary>Whoever reaches the port could else state who edited what, and ask what others may do.</summary>
    [TestCase("/5eg/sundays", 200)]
    [TestCase("/old/sundays", 200)]
    [TestCase("/sundays", 404)]
    [TestCase("/wrong/sundays", 404)]
    [TestCase("/5eg/mondays", 404)]
    [TestCase("/5eg", 404)]
    [TestCase("//sundays", 404)]
    [TestCase("", 404)]
    public async Task Without_the_segment_of_the_path_nothing_is_read(string path, int status)
    {
        var metrics = new AdmissionMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));
        var paths = new AdmissionPaths(_ => Task.CompletedTask, TimeProvider.System);
        paths.Accept(["5eg", "old"]);
        var body = new MemoryStream(Encoding.UTF8.GetBytes(Review));
        var context = new DefaultHttpContext { Request = { Method = "POST", Path = path, Body = body } };

        await new AdmissionEndpoint(new WebhookDispatcher([new NoSundays()], metrics), paths).HandleAsync(context);

        Assert.That((context.Response.StatusCode, body.Position > 0), Is.EqualTo((status, status == 200)));
    }

    [Test]
    public async Task A_segment_that_another_replica_renewed_is_looked_up_and_strangers_cause_that_seldom()
    {
        var time = new ManualTimeProvider();
        var asked = 0;
        AdmissionPaths paths = null!;
        paths = new AdmissionPaths(
            _ =>
            {
                asked++;
                paths.Accept([asked == 1 ? "first" : "second"]);
                return Task.CompletedTask;
            },
            time);
        Assert.That(await paths.WebhookOfAsync("/first/a", default), Is.EqualTo("/a"));
        for (var i = 0; i < 100; i++)
        {
            Assert.That(await paths.WebhookOfAsync("/second/a", default), Is.Null);
        }

        time.Advance(TimeSpan.FromSeconds(11));
        Assert.That((await paths.WebhookOfAsync("/second/a", default), asked), Is.EqualTo(("/a", 2)));
    }

    [Test]
    public void A_renewed_certificate_is_shown_once_the_other_replicas_have_read_it()
    {
        var now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var first = ServingCertificate.Create(["localhost"], now);
        var second = ServingCertificate.Create(["localhost"], now, first);
        using var served = new ServedCertificate();
        var shown = new List<string?>();
        foreach (var read in new[] { first, first, second, second, second })
        {
            served.Observe(read with { });
            shown.Add(served.Current!.SerialNumber);
        }

        using var old = first.Load();
        using var renewed = second.Load();
        Assert.That(shown, Is.EqualTo(new[] { old.SerialNumber, old.SerialNumber, old.SerialNumber, renewed.SerialNumber, renewed.SerialNumber }));
    }

    [Test]
    public void A_renewed_certificate_has_a_new_segment_and_the_old_one_counts_too()
    {
        var now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var first = ServingCertificate.Create(["localhost"], now);
        var second = ServingCertificate.Create(["localhost"], now, first);
        Assert.Multiple(() =>
        {
            Assert.That(first.Segment, Has.Length.EqualTo(64).And.Match("^[0-9a-f]+$"));
            Assert.That(second.Segment, Is.Not.EqualTo(first.Segment));
            Assert.That(second.Segments, Is.EqualTo(new[] { second.Segment, first.Segment }));
            Assert.That(first.IsUsable(["localhost"], now));
            Assert.That((first with { Segment = "" }).IsUsable(["localhost"], now), Is.False, "one of before there were segments");
        });
    }


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
