using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Admission;
using Portcullis.Admission.Webhooks;
using Portcullis.Core;
using Portcullis.Core.Signing;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Signing;
using Portcullis.Tests.Access;
using Portcullis.Tests.Signing;

namespace Portcullis.Tests.Admission;

/// <summary>Pods and workloads against signing policies, through the embedded API's own calls of the webhooks.</summary>
[TestFixture]
internal sealed class SignedImagesTests
{
    private const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Own = "sha256:0000000000000000000000000000000000000000000000000000000000000000";
    private const string Signed = "dtr.example.com/acme/app:1";
    private const string Unsigned = "dtr.example.com/acme/app:2";
    private const string ReplicaSetController = "system:serviceaccount:kube-system:replicaset-controller";

    private static readonly WriteOptions Writer = new("test");

    private readonly FakeVerifier _verifier = new();
    private readonly RecordedAdmissions _audit = new();
    private RunningOperator _operator = null!;

    private ISigningGate Gate => _operator.Services.GetRequiredService<ISigningGate>();

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _verifier.Sign("acme/app", "1", Digest, "targets/ci", "key");
        _operator = await RunningOperator.StartAsync(more: services =>
        {
            services.RemoveAll<IImageVerifier>().AddSingleton<IImageVerifier>(_verifier);
            services.RemoveAll<IAdmissionAudit>().AddSingleton<IAdmissionAudit>(_audit);
            ((AdmissionOptions)services.Last(d => d.ServiceType == typeof(AdmissionOptions)).ImplementationInstance!).OwnImages = [Own];
        });
        await _operator.Cluster.ApplyAsync("""
            {apiVersion: v1, kind: Namespace, metadata: {name: enforced}}
            ---
            {apiVersion: v1, kind: Namespace, metadata: {name: audited}}
            ---
            {apiVersion: v1, kind: Namespace, metadata: {name: kept}}
            ---
            {apiVersion: v1, kind: Namespace, metadata: {name: elsewhere}}
            ---
            apiVersion: apps/v1
            kind: ReplicaSet
            metadata: {name: old, namespace: kept}
            spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: main, image: "dtr.example.com/acme/app:2"}]}}}
            """);
        Assert.That(await WebhooksAsync(ClusterKinds.ValidatingWebhook, WebhookConfigurations.ValidatingName), Has.None.EqualTo("signed-images.portcullis.dev"), "without a policy no pod waits");
        Assert.That(Gate.FindGap(), Is.Not.Null);
        await _operator.Cluster.ApplyAsync("""
            apiVersion: portcullis.dev/v1alpha1
            kind: Registry
            metadata: {name: dtr}
            spec: {host: dtr.example.com, upstream: {url: "http://127.0.0.1:5000"}}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: SigningPolicy
            metadata: {name: signed}
            spec: {mode: Enforce, anySigner: true, scope: {namespaces: [enforced, portcullis-system]}}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: SigningPolicy
            metadata: {name: later}
            spec: {mode: Audit, anySigner: true, scope: {namespaces: [audited]}}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: SigningPolicy
            metadata: {name: old-ones-stay}
            spec: {mode: Enforce, anySigner: true, existing: Allow, scope: {namespaces: [kept]}}
            """);
        await _operator.UntilAsync(
            async () => (await WebhooksAsync(ClusterKinds.ValidatingWebhook, WebhookConfigurations.ValidatingName)).Contains("signed-images.portcullis.dev")
                && (await WebhooksAsync(ClusterKinds.MutatingWebhook, WebhookConfigurations.MutatingName)).Contains("pin-images.portcullis.dev"),
            "the webhooks to be registered");
        await _operator.UntilAsync(async () => await RefusalAsync(ClusterKinds.Pod, Pod("enforced", "first", Unsigned)) is not null, "the policies to be in force");
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _operator.DisposeAsync();

    private async Task<IReadOnlyList<string?>> WebhooksAsync(ApiResource kind, string name) =>
        [.. ((await _operator.Client.GetAsync(kind, ObjectKey.Cluster(name), default)).Array("webhooks") ?? []).Select(w => w.String("name"))];

    private static JsonObject Pod(string @namespace, string name, params string[] images) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = @namespace },
        ["spec"] = Spec(images),
    };

    private static JsonObject Spec(params string[] images) =>
        new() { ["containers"] = new JsonArray([.. images.Select((image, i) => (JsonNode)new JsonObject { ["name"] = $"c{i}", ["image"] = image })]) };

    private static JsonObject Deployment(string @namespace, string name, params string[] images) => (JsonObject)JsonNode.Parse($$$$$$$"""
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "{{{{{{{name}}}}}}}", "namespace": "{{{{{{{@namespace}}}}}}}"},
         "spec": {"replicas": 1, "selector": {"matchLabels": {"a": "b"}}, "template": {"metadata": {"labels": {"a": "b"}}, "spec": {{{{{{{Spec(images).ToJsonString()}}}}}}}}}}
        """)!;

    [Test]
    public async Task While_a_policy_is_enforced_the_API_server_is_seen_to_ask_about_images() =>
        await _operator.UntilAsync(() => Task.FromResult(Gate.FindGap() is null), "the store to show the configurations");

    private static string?[] ImagesOf(JsonObject pod) => [.. pod.Object("spec").Array("containers")!.Select(c => c.String("image"))];

    private async Task<string?> RefusalAsync(ApiResource kind, JsonObject value, KubernetesClient? client = null)
    {
        try
        {
            await (client ?? _operator.Client).CreateAsync(kind, value, Writer, default);
            return null;
        }
        catch (KubernetesApiException e)
        {
            return e.Message;
        }
    }

    [Test]
    public async Task A_signed_image_runs_by_its_digest()
    {
        var made = await _operator.Client.CreateAsync(ClusterKinds.Pod, Pod("enforced", "signed", Signed, Signed, $"dtr.example.com/acme/app@{Digest}"), Writer, default);
        Assert.That(ImagesOf(made), Is.EqualTo(new[] { $"{Signed}@{Digest}", $"{Signed}@{Digest}", $"dtr.example.com/acme/app@{Digest}" }));
    }

    [TestCase(Unsigned, "additional error messages: [image or trust data does not exist for dtr.example.com/acme/app:2")]
    [TestCase("dtr.example.com/acme/other:1", "image or trust data does not exist for dtr.example.com/acme/other:1")]
    [TestCase("nginx", "docker.io must be a registered trusted registry")]
    [TestCase("dtr.example.com/acme/app:1@" + Own, "image or trust data does not exist")]
    [TestCase("dtr.example.com/Acme/app:1", "is not the name of an image")]
    [TestCase(Digest, "is not the name of an image")]
    public async Task Any_other_image_is_refused_in_the_words_of_the_original(string image, string why)
    {
        var refusal = await RefusalAsync(ClusterKinds.Pod, Pod("enforced", "unsigned", Signed, image));
        Assert.That(refusal, Does.Contain($"one or more images do not meet the required signing policy: [{image}]").And.Contain(why));
    }

    [Test]
    public async Task A_workload_is_judged_and_stays_as_its_author_wrote_it()
    {
        var made = await _operator.Client.CreateAsync(ClusterKinds.Deployment, Deployment("enforced", "app", Signed), Writer, default);
        Assert.That(ImagesOf(made.Object("spec").Object("template")!), Is.EqualTo(new[] { Signed }));
        Assert.That(await RefusalAsync(ClusterKinds.Deployment, Deployment("enforced", "bad", Unsigned)), Does.Contain("required signing policy: [dtr.example.com/acme/app:2]"));
        var cronJob = (JsonObject)JsonNode.Parse($$$$$$$"""
            {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "nightly", "namespace": "enforced"},
             "spec": {"schedule": "0 0 * * *", "jobTemplate": {"spec": {"template": {"spec": {"restartPolicy": "Never",
               "initContainers": [{"name": "init", "image": "{{{{{{{Unsigned}}}}}}}"}], "containers": [{"name": "main", "image": "{{{{{{{Signed}}}}}}}"}]}}}}}}
            """)!;
        Assert.That(await RefusalAsync(ClusterKinds.CronJob, cronJob), Does.Contain("required signing policy: [dtr.example.com/acme/app:2]"));
    }

    [Test]
    public async Task An_update_that_leaves_the_images_passes_also_when_they_are_signed_no_longer()
    {
        _verifier.Sign("acme/passing", "1", Digest, "targets/ci", "key");
        await _operator.Client.CreateAsync(ClusterKinds.Deployment, Deployment("enforced", "passing", "dtr.example.com/acme/passing:1"), Writer, default);
        _verifier.Say("acme/passing", new TrustFinding.Rejected("the root key is not the one that is pinned"));
        Task<JsonObject> PatchAsync(string patch) =>
            _operator.Client.MergePatchAsync(ClusterKinds.Deployment, new ObjectKey("enforced", "passing"), (JsonObject)JsonNode.Parse(patch)!, Writer, default);

        var scaled = await PatchAsync("""{"spec":{"replicas":3,"template":{"metadata":{"annotations":{"restarted":"now"}}}}}""");
        var refused = await Assert.ThrowsAsync<KubernetesApiException>(() => PatchAsync(
            $$$$$$$"""{"spec":{"template":{"spec":{"containers":[{"name":"c0","image":"dtr.example.com/acme/passing:1"},{"name":"c1","image":"{{{{{{{Signed}}}}}}}"}]}}}}"""));
        Assert.That(scaled.Object("spec").Long("replicas"), Is.EqualTo(3));
        Assert.That(refused!.Message, Does.Contain("the root key is not the one that is pinned"));
    }

    [Test]
    public async Task An_audited_image_runs_as_it_is_written_and_an_event_says_who_ran_it()
    {
        var made = await _operator.Client.CreateAsync(ClusterKinds.Pod, Pod("audited", "unsigned", Unsigned), Writer, default);
        Assert.That(ImagesOf(made), Is.EqualTo(new[] { Unsigned }));
        await _operator.EventAsync("SigningPolicy", "later", "Pod audited/unsigned of");
    }

    [Test]
    public async Task Each_decision_is_in_the_audit_with_who_asked_and_which_policy_decided()
    {
        await _operator.Client.CreateAsync(ClusterKinds.Pod, Pod("enforced", "audited-signed", Signed), Writer, default);
        await RefusalAsync(ClusterKinds.Pod, Pod("enforced", "audited-refused", Unsigned));
        await _operator.Client.CreateAsync(ClusterKinds.Pod, Pod("audited", "audited-unsigned", Unsigned), Writer, default);
        await _operator.Client.CreateAsync(ClusterKinds.Pod, Pod("elsewhere", "audited-by-nobody", Unsigned), Writer, default);
        var (signed, refused, unsigned) = (_audit.About("Pod enforced/audited-signed").Single(), _audit.About("Pod enforced/audited-refused").Single(), _audit.About("Pod audited/audited-unsigned").Single());
        Assert.Multiple(() =>
        {
            Assert.That((signed.IsAdmitted, signed.Operation, signed.Rule, signed.Images!.Covered, signed.Reason), Is.EqualTo((true, "CREATE", "SigningPolicy signed", $"{Signed}@{Digest}", (string?)null)));
            Assert.That((refused.IsAdmitted, refused.Rule), Is.EqualTo((false, "SigningPolicy signed")));
            Assert.That(refused.Reason, Does.Contain("required signing policy: [dtr.example.com/acme/app:2]"));
            Assert.That((unsigned.IsAdmitted, unsigned.Rule), Is.EqualTo((true, "SigningPolicy later")));
            Assert.That(unsigned.Reason, Does.Contain("image or trust data does not exist"));
            Assert.That(new[] { signed, refused, unsigned }.Select(r => r.Caller), Has.All.Not.Empty);
            Assert.That(_audit.About("Pod elsewhere/audited-by-nobody"), Is.Empty, "no policy decided on it");
        });
    }

    [Test]
    public async Task A_dry_run_is_decided_alike_and_leaves_nothing_behind()
    {
        var dry = Writer with { DryRun = true };
        await _operator.Client.CreateAsync(ClusterKinds.Pod, Pod("enforced", "dry-signed", Signed), dry, default);
        await Assert.ThrowsAsync<KubernetesApiException>(() => _operator.Client.CreateAsync(ClusterKinds.Pod, Pod("enforced", "dry-refused", Unsigned), dry, default));
        await _operator.Client.CreateAsync(ClusterKinds.Pod, Pod("audited", "dry-unsigned", Unsigned), dry, default);
        await _operator.Client.CreateAsync(ClusterKinds.Pod, Pod("audited", "really-unsigned", Unsigned), Writer, default);
        await _operator.EventAsync("SigningPolicy", "later", "Pod audited/really-unsigned of");
        Assert.That(await _operator.EventsAboutAsync("SigningPolicy", "later"), Has.None.Contains("dry-unsigned"));
        Assert.That(new[] { "enforced/dry-signed", "enforced/dry-refused", "audited/dry-unsigned" }.SelectMany(p => _audit.About($"Pod {p}")), Is.Empty);
    }

    [Test]
    public async Task Where_no_policy_holds_everything_runs_untouched()
    {
        var made = await _operator.Client.CreateAsync(ClusterKinds.Pod, Pod("elsewhere", "any", Unsigned, "nginx", Signed), Writer, default);
        Assert.That(ImagesOf(made), Is.EqualTo(new[] { Unsigned, "nginx", Signed }));
    }

    [Test]
    public async Task Pods_of_workloads_of_before_run_where_the_policy_says_so_and_nobody_else_makes_such_pods()
    {
        var owner = await _operator.Client.GetAsync(ClusterKinds.ReplicaSet, new ObjectKey("kept", "old"), default);
        JsonObject PodOf(string name, string? uid)
        {
            var pod = Pod("kept", name, Unsigned);
            pod["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = "apps/v1", ["kind"] = "ReplicaSet", ["name"] = "old", ["uid"] = uid, ["controller"] = true,
            });
            return pod;
        }

        var uid = owner.Object("metadata").String("uid");
        var controller = _operator.As(ReplicaSetController, "system:masters");
        Assert.That(await RefusalAsync(ClusterKinds.Pod, PodOf("made", uid), controller), Is.Null);
        Assert.That(await RefusalAsync(ClusterKinds.Pod, PodOf("forged", uid)), Does.Contain("required signing policy"));
        Assert.That(await RefusalAsync(ClusterKinds.Pod, PodOf("other", Guid.NewGuid().ToString()), controller), Does.Contain("required signing policy"));
        Assert.That(await RefusalAsync(ClusterKinds.Pod, Pod("kept", "alone", Unsigned), controller), Does.Contain("required signing policy"));
    }

    [Test]
    public async Task The_programs_own_image_needs_no_signature_in_its_own_namespace_alone()
    {
        var image = $"dtr.example.com/portcullis@{Own}";
        Assert.That(await RefusalAsync(ClusterKinds.Pod, Pod(WellKnown.SystemNamespace, "operator", image)), Is.Null);
        Assert.That(await RefusalAsync(ClusterKinds.Deployment, Deployment(WellKnown.SystemNamespace, "operator", image)), Is.Null);
        Assert.That(await RefusalAsync(ClusterKinds.Pod, Pod(WellKnown.SystemNamespace, "guest", image, Unsigned)), Does.Contain("required signing policy"));
        Assert.That(await RefusalAsync(ClusterKinds.Deployment, Deployment(WellKnown.SystemNamespace, "guest", Unsigned)), Does.Contain("required signing policy"));
        Assert.That(await RefusalAsync(ClusterKinds.Pod, Pod("enforced", "operator", image)), Does.Contain("required signing policy"));
    }

    [Test]
    public async Task A_debugging_container_is_judged_and_named_by_digest()
    {
        var webhooks = _operator.Services.GetServices<IWebhook>().ToList();
        AdmissionRequest Debug(string image)
        {
            var old = Pod("enforced", "running", "dtr.example.com/gone/app:1");
            var debugged = (JsonObject)old.DeepClone();
            debugged["spec"]!["ephemeralContainers"] = new JsonArray(new JsonObject { ["name"] = "debug", ["image"] = image });
            return Request("pods", "Pod", debugged, old) with { Subresource = "ephemeralcontainers" };
        }

        var refused = await webhooks.OfType<SignedImagesWebhook>().Single().DecideAsync(Debug(Unsigned), default);
        var named = await webhooks.OfType<ImagePinningWebhook>().Single().DecideAsync(Debug(Signed), default);
        Assert.That(refused.Message, Does.Contain($"required signing policy: [{Unsigned}]"));
        Assert.That(named.Patch!.ToJsonString(), Is.EqualTo($$"""[{"op":"replace","path":"/spec/ephemeralContainers/0/image","value":"{{Signed}}@{{Digest}}"}]"""));
    }

    [Test]
    public async Task A_pod_from_which_another_webhook_took_the_digest_is_refused()
    {
        var webhook = _operator.Services.GetServices<IWebhook>().OfType<SignedImagesWebhook>().Single();
        var refused = await webhook.DecideAsync(Request("pods", "Pod", Pod("enforced", "a", Signed)), default);
        var admitted = await webhook.DecideAsync(Request("pods", "Pod", Pod("enforced", "a", $"{Signed}@{Digest}")), default);
        Assert.That(refused.Message, Does.Contain("is not named").And.Contain("portcullis-pods"));
        Assert.That(admitted.Allowed);
    }

    [Test]
    public async Task An_object_that_is_not_known_to_hold_pods_is_refused()
    {
        var webhook = _operator.Services.GetServices<IWebhook>().OfType<SignedImagesWebhook>().Single();
        var refused = await webhook.DecideAsync(Request("rollouts", "Rollout", new JsonObject { ["kind"] = "Rollout", ["spec"] = new JsonObject() }), default);
        Assert.That(refused.Message, Does.Contain("cannot be judged"));
    }

    [Test]
    public async Task The_pod_that_a_kubelet_runs_from_a_file_is_shown_and_no_other_of_its_pods()
    {
        var webhook = _operator.Services.GetServices<IWebhook>().OfType<SignedImagesWebhook>().Single();
        var pod = Pod("enforced", "static", Unsigned);
        var byNode = Request("pods", "Pod", pod) with { User = "system:node:a", Groups = ["system:nodes"] };
        Assert.That((await webhook.DecideAsync(byNode, default)).Allowed, Is.False);
        pod["metadata"]!["annotations"] = new JsonObject { ["kubernetes.io/config.mirror"] = "hash" };
        Assert.That((await webhook.DecideAsync(byNode, default)).Allowed);
        Assert.That((await webhook.DecideAsync(Request("pods", "Pod", pod), default)).Allowed, Is.False);
    }

    [Test]
    public async Task Thousands_of_images_are_refused_with_a_message_that_can_be_read()
    {
        var refusal = await RefusalAsync(ClusterKinds.Pod, Pod("enforced", "many", [.. Enumerable.Range(0, 5000).Select(i => $"dtr.example.com/acme/app:v{i}")]));
        Assert.That(refusal, Does.Contain("and 4990 more").And.Length.LessThan(10_000));
    }

    private static AdmissionRequest Request(string resource, string kind, JsonObject value, JsonObject? old = null) => new()
    {
        Uid = "1",
        Operation = old is null ? "CREATE" : "UPDATE",
        Group = "",
        Resource = resource,
        Kind = kind,
        Key = new ObjectKey("enforced", "a"),
        User = "ann",
        Object = value,
        OldObject = old,
    };
}
