using System.Text.Json.Nodes;
using Portcullis.ApiServer.Admission;
using Portcullis.ApiServer.Admission.Webhooks;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Tests.Policy;
using Portcullis.Objects;

namespace Portcullis.ApiServer.Tests.Admission;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class WebhookTests : IDisposable
{
    private static readonly ApiResource Validating =
        new("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", false);

    private static readonly ApiResource Mutating =
        new("admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", false);

    private readonly MemoryObjectStore _store = new();
    private readonly WebhookClient _client = new(TimeProvider.System);

    private ValidatingWebhooks Validators => new(_client, _store, new NoKinds());

    private MutatingWebhooks Mutators => new(_client, _store, new NoKinds());

    public void Dispose() => _client.Dispose();

    [Test]
    public async Task A_denial_is_told_with_the_webhooks_name_and_words()
    {
        await using var webhook = await TestWebhook.StartAsync(_ => Deny());
        _ = _store.Put(Validating, webhook.Configuration("val"));
        var denied = Validators.Run(Map());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(denied!.Code, Is.EqualTo(403));
            Assert.That(denied.Message, Is.EqualTo("admission webhook \"val.example.dev\" denied the request: no"));
        }
    }

    [Test]
    public async Task A_webhook_sees_only_what_its_selectors_choose()
    {
        await using var webhook = await TestWebhook.StartAsync(_ => Deny());
        _ = _store.Put(Requests.Namespaces, """{"metadata":{"name":"a","labels":{"hooked":"no"}}}""");
        _ = _store.Put(Validating, webhook.Configuration("ns", """ "namespaceSelector":{"matchLabels":{"hooked":"yes"}} """));
        Assert.That(Validators.Run(Map()), Is.Null);
        _ = _store.Put(Requests.Namespaces, """{"metadata":{"name":"a","labels":{"hooked":"yes"}}}""");
        Assert.That(Validators.Run(Map()), Is.Not.Null);
        _ = _store.Put(Validating, webhook.Configuration("ns", """ "objectSelector":{"matchExpressions":[{"key":"x","operator":"Exists"}]} """));
        Assert.That(Validators.Run(Map()), Is.Null);
    }

    [Test]
    public async Task A_match_condition_decides_whether_to_ask()
    {
        await using var webhook = await TestWebhook.StartAsync(_ => Deny());
        _ = _store.Put(Validating, webhook.Configuration(
            "cel", """ "matchConditions":[{"name":"mine","expression":"request.userInfo.username == 'ann' && object.metadata.name == 'm'"}] """));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Validators.Run(Map()), Is.Null);
            Assert.That(Validators.Run(Map() with { User = Requests.User("ann") }), Is.Not.Null);
        }
    }

    [Test]
    public async Task A_match_condition_that_fails_is_a_refusal_unless_failure_is_ignored()
    {
        await using var webhook = await TestWebhook.StartAsync(_ => Deny());
        const string broken = """ "matchConditions":[{"name":"broken","expression":"object.spec.missing == 1"}] """;
        _ = _store.Put(Validating, webhook.Configuration("cel", broken));
        Assert.That(Validators.Run(Map())!.Message, Does.Contain("match condition 'broken' resulted in error"));
        _ = _store.Put(Validating, webhook.Configuration("cel", broken + ""","failurePolicy":"Ignore" """));
        Assert.That(Validators.Run(Map()), Is.Null);
    }

    [Test]
    public async Task A_dry_run_asks_no_webhook_with_side_effects()
    {
        await using var webhook = await TestWebhook.StartAsync(_ => new JsonObject { ["allowed"] = true });
        var configuration = webhook.Configuration("val").Replace("\"sideEffects\":\"None\"", "\"sideEffects\":\"Some\"", StringComparison.Ordinal);
        _ = _store.Put(Validating, configuration);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                Validators.Run(Map() with { DryRun = true })!.Message, Is.EqualTo("admission webhook \"val.example.dev\" does not support dry run"));
            Assert.That(Validators.Run(Map()), Is.Null);
            Assert.That(webhook.Asked, Has.Count.EqualTo(1));
        }
    }

    [Test]
    public void An_unreachable_webhook_fails_the_request_or_is_ignored_by_its_policy()
    {
        const string configuration = """
            {"metadata":{"name":"x"},"webhooks":[{"name":"x.example.dev","clientConfig":{"url":"https://127.0.0.1:1/x"},
             "rules":[{"apiGroups":["*"],"apiVersions":["*"],"operations":["CREATE"],"resources":["*/*"]}],"sideEffects":"None","timeoutSeconds":2,
             "failurePolicy":"POLICY"}]}
            """;
        _ = _store.Put(Validating, configuration.Replace("POLICY", "Fail", StringComparison.Ordinal));
        Assert.That(
            Validators.Run(Map())!.Message,
            Is.EqualTo(
                "Internal error occurred: failed calling webhook \"x.example.dev\": failed to call webhook: " +
                "Post \"https://127.0.0.1:1/x?timeout=2s\": dial tcp 127.0.0.1:1: connect: connection refused"));
        _ = _store.Put(Validating, configuration.Replace("POLICY", "Ignore", StringComparison.Ordinal));
        Assert.That(Validators.Run(Map()), Is.Null);
    }

    [Test]
    public async Task A_webhook_that_another_authority_signed_is_not_trusted()
    {
        await using var webhook = await TestWebhook.StartAsync(_ => new JsonObject { ["allowed"] = true });
        await using var other = await TestWebhook.StartAsync(_ => new JsonObject { ["allowed"] = true });
        _ = _store.Put(Validating, webhook.Configuration("val").Replace(webhook.CaBundle, other.CaBundle, StringComparison.Ordinal));
        Assert.That(Validators.Run(Map())!.Message, Does.Contain("tls: failed to verify certificate"));
        Assert.That(webhook.Asked, Is.Empty);
    }

    [Test]
    public async Task A_patch_changes_the_object_and_one_asked_for_again_sees_it()
    {
        await using var first = await TestWebhook.StartAsync(_ => TestWebhook.Patch("""[{"op":"add","path":"/data/first","value":"1"}]"""));
        await using var second = await TestWebhook.StartAsync(_ => TestWebhook.Patch("""[{"op":"add","path":"/data/second","value":"2"}]"""));
        _ = _store.Put(Mutating, first.Configuration("a", """ "reinvocationPolicy":"IfNeeded" """));
        _ = _store.Put(Mutating, second.Configuration("b"));
        var request = Map();
        Assert.That(Mutators.Run(request), Is.Null);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Requests.Json(request.Object!["data"]), Is.EqualTo("""{"k":"v","first":"1","second":"2"}"""));
            Assert.That(first.Asked, Has.Count.EqualTo(2), "asked again after b");
            Assert.That((string?)first.Asked[1]["object"]!["data"]!["second"], Is.EqualTo("2"));
            Assert.That(second.Asked, Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task Warnings_reach_the_user()
    {
        await using var webhook = await TestWebhook.StartAsync(_ => new JsonObject { ["allowed"] = true, ["warnings"] = new JsonArray("careful") });
        _ = _store.Put(Validating, webhook.Configuration("val"));
        var request = Map();
        Assert.That(Validators.Run(request), Is.Null);
        Assert.That(request.Warnings, Is.EqualTo(["careful"]));
    }

    [Test]
    public void Configurations_are_checked_in_the_recorded_words()
    {
        var step = Recordings.Steps("webhooks.json")[20];
        var value = step.RequestBody().DeepClone().AsObject();
        var rules = new WebhookConfigurationRules();
        rules.ApplyDefaults(value);
        var status = Portcullis.ApiServer.Errors.StatusException.Invalid(Validating, "bad", rules.Validate(value, null)).ToStatus();
        Assert.That(JsonNode.DeepEquals(status, step.ResponseBody()), Requests.Json(status));
    }

    [Test]
    public void A_condition_that_does_not_compile_is_refused()
    {
        var value = JsonNode.Parse("""
            {"kind":"ValidatingWebhookConfiguration","webhooks":[{"name":"a.b.c","clientConfig":{"url":"https://x"},"sideEffects":"None",
             "admissionReviewVersions":["v1"],"matchConditions":[{"name":"n","expression":"authorizer.group('').check('x')"}]}]}
            """)!.AsObject();
        Assert.That(
            new WebhookConfigurationRules().Validate(value, null).Single().ToString(),
            Does.StartWith("webhooks[0].matchConditions[0].expression: Invalid value: ").And.Contain("compilation failed"));
    }

    private static JsonObject Deny() =>
        new() { ["allowed"] = false, ["status"] = new JsonObject { ["code"] = 403, ["message"] = "no" } };

    private static AdmissionAttributes Map() =>
        Requests.Create(Requests.ConfigMaps, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m","namespace":"a"},"data":{"k":"v"}}""");

    private sealed class NoKinds : IKindDirectory
    {
        public IReadOnlyList<ApiResource> All => [];

        public ApiResource? Find(string apiVersion, string kind) => null;
    }
}
