using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portcullis.Admission;
using Portcullis.Kubernetes.Http;
using Portcullis.Objects.Json;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;
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

    private static AdmissionRequest Request() => AdmissionRequest.Read(JsonElement.Parse(Review))!;

    [Test]
    public void A_webhook_of_the_list_is_an_entry_of_the_configuration_of_its_phase()
    {
        var entries = WebhookConfigurations.Of(WebhookPhase.Validating, [new NoSundays()], Local, "authority", "u1d").Array("webhooks");
        Assert.That(entries!.ToJsonString(), Is.EqualTo(
            """
            [{"name":"sundays.portcullis.dev","clientConfig":{"caBundle":"YXV0aG9yaXR5","url":"https://127.0.0.1:9443/5eg/sundays"},
            "rules":[{"apiGroups":["apps"],"apiVersions":["*"],"operations":["CREATE"],"resources":["deployments"],"scope":"*"}],
            "failurePolicy":"Fail","matchPolicy":"Equivalent","sideEffects":"None","timeoutSeconds":3,"admissionReviewVersions":["v1"],
            "namespaceSelector":{"matchExpressions":[{"key":"team","operator":"Exists"}]},"objectSelector":{"matchLabels":{"tier":"one"}}}]
            """.ReplaceLineEndings("")));
        Assert.That(WebhookConfigurations.Of(WebhookPhase.Mutating, [new NoSundays()], Local, "authority", "u1d").Array("webhooks"), Is.Empty);
    }

    [Test]
    public void In_a_cluster_it_is_called_by_the_service()
    {
        var entry = WebhookConfigurations.Of(WebhookPhase.Validating, [new NoSundays()], InCluster, "authority", "u1d").Array("webhooks")!.Single();
        Assert.That(
            entry.Object("clientConfig").Object("service")!.ToJsonString(),
            Is.EqualTo("""{"namespace":"portcullis-system","name":"portcullis-admission","path":"/5eg/sundays","port":443}"""));
    }

    [Test]
    public void A_configuration_goes_with_the_system_namespace()
    {
        var metadata = WebhookConfigurations.Of(WebhookPhase.Mutating, [], InCluster, "authority", "u1d").Object("metadata");
        Assert.That(
            metadata.Array("ownerReferences")!.ToJsonString(), Is.EqualTo("""[{"apiVersion":"v1","kind":"Namespace","name":"portcullis-system","uid":"u1d"}]"""));
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

    /// <summary>The API server writes none of these; nothing is admitted because of them.</summary>
    [TestCase("", 400)]
    [TestCase("{", 400)]
    [TestCase("[]", 400)]
    [TestCase("""{"apiVersion":"admission.k8s.io/v1","request":[]}""", 400)]
    [TestCase("""{"apiVersion":"admission.k8s.io/v1","request":{"uid":1}}""", 400)]
    [TestCase("""{"apiVersion":"admission.k8s.io/v1beta1","request":{"uid":"1"}}""", 400)]
    [TestCase("""{"apiVersion":"admission.k8s.io/v1","request":{"uid":"\ud800"}}""", 400)]
    public async Task What_is_no_review_is_not_answered(string body, int status)
    {
        var paths = new AdmissionPaths(_ => Task.CompletedTask, TimeProvider.System);
        paths.Accept(["5eg"]);
        var context = new DefaultHttpContext { Request = { Method = "POST", Path = "/5eg/sundays", Body = new MemoryStream(Encoding.UTF8.GetBytes(body)) } };
        var metrics = new AdmissionMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));
        await new AdmissionEndpoint(new WebhookDispatcher([new NoSundays()], metrics), paths).HandleAsync(context);
        Assert.That(context.Response.StatusCode, Is.EqualTo(status));
    }

    [Test]
    public void An_object_with_a_key_twice_is_not_read() => Assert.That(
        () => AdmissionRequest.Read(JsonElement.Parse("""{"apiVersion":"admission.k8s.io/v1","request":{"uid":"1","object":{"kind":"Pod","kind":"Other"}}}"""))!.Object.String("kind"),
        Throws.InstanceOf<Exception>());

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

    /// <summary>The API server tells the path to whoever's request fails because it cannot reach the webhook.</summary>
    [Test]
    public void A_segment_that_became_known_is_good_for_two_terms_at_most()
    {
        var now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var known = ServingCertificate.Create(["localhost"], now);
        var next = known.WithNewSegment(now.AddMinutes(16));
        Assert.Multiple(() =>
        {
            Assert.That(known.IsSegmentDue(now.AddMinutes(14)), Is.False);
            Assert.That(known.IsSegmentDue(now.AddMinutes(16)));
            Assert.That((known with { SegmentSince = null }).IsSegmentDue(now), "one of an older version");
            Assert.That(next.Segments, Is.EqualTo(new[] { next.Segment, known.Segment }).And.Unique);
            Assert.That(next.IsSegmentDue(now.AddMinutes(17)), Is.False);
            Assert.That(next.WithNewSegment(now.AddMinutes(32)).Segments, Does.Not.Contain(known.Segment));
        });
    }

    [Test]
    public async Task A_segment_is_replaced_once_it_is_due_and_registered_and_every_copy_reads_the_same()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (time, client) = (new ManualTimeProvider(), KubernetesClientFactory.Create(cluster.Connection));
        var (leader, other) = (new CertificateSecret(client, time), new CertificateSecret(client, time));
        var registered = "";
        async Task<ServingCertificate> LeaderAsync() => await leader.GetAsync(["localhost"], s => s == registered, default);
        async Task<ServingCertificate> OtherAsync() => await other.GetAsync(["localhost"], _ => false, default);

        var first = await LeaderAsync();
        time.Advance(TimeSpan.FromMinutes(16));
        Assert.That(await LeaderAsync(), Is.EqualTo(first), "the API server does not call it by that yet");
        registered = first.Segment;
        Assert.That(await OtherAsync(), Is.EqualTo(first), "only the leader knows what is registered");
        var second = await LeaderAsync();
        Assert.That(second.Segments, Is.EqualTo(new[] { second.Segment, first.Segment }));
        Assert.That(second.Certificate, Is.EqualTo(first.Certificate));
        Assert.That(await OtherAsync(), Is.EqualTo(second));
        registered = second.Segment;
        Assert.That(await LeaderAsync(), Is.EqualTo(second), "not before its time");
    }

    [TestCase("""{"operation":"DELETE","oldObject":{"metadata":{"name":"a"}}}""", "a", Description = "DELETE of a collection: the API server asks about each object, without a name")]
    [TestCase("""{"operation":"DELETE","name":"","oldObject":{"metadata":{"name":"a"}}}""", "a")]
    [TestCase("""{"operation":"CREATE","name":"","object":{"metadata":{"name":"a-x7d","generateName":"a-"}}}""", "a-x7d")]
    [TestCase("""{"operation":"CREATE","object":{"metadata":{"generateName":"a-"}}}""", "")]
    [TestCase("""{"operation":"UPDATE","name":"b","object":{"metadata":{"name":"a"}}}""", "b")]
    public void What_a_request_is_about_is_known_without_its_name(string request, string name)
    {
        var whole = JsonNode.Parse(Review)!.AsObject();
        var asked = JsonNode.Parse(request)!.AsObject();
        (asked["uid"], whole["request"]) = ("1", asked);
        Assert.That(AdmissionRequest.Read(JsonElement.Parse(whole.ToJsonString()))!.Key.Name, Is.EqualTo(name));
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
