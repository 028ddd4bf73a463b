using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Admission;
using Portcullis.Core;
using Portcullis.Core.Signing;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Signing;
using Portcullis.Tests.Access;
using Portcullis.Tests.Signing;

namespace Portcullis.Tests.Admission;

/// <summary>When and where the API server asks about images.</summary>
[TestFixture]
internal sealed class SignedImagesTermsTests
{
    private const string PinImages = "pin-images.portcullis.dev";
    private const string SignedImages = "signed-images.portcullis.dev";

    private static readonly WriteOptions Writer = new("test");

    [Test]
    public async Task Namespaces_that_the_start_names_are_not_judged_and_nothing_is_once_the_last_policy_has_gone()
    {
        await using var running = await RunningOperator.StartAsync(more: services =>
        {
            services.RemoveAll<IImageVerifier>().AddSingleton<IImageVerifier>(new FakeVerifier());
            ((AdmissionOptions)services.Last(d => d.ServiceType == typeof(AdmissionOptions)).ImplementationInstance!).UnjudgedNamespaces = ["system"];
        });
        await running.Cluster.ApplyAsync("""
            {apiVersion: v1, kind: Namespace, metadata: {name: system}}
            ---
            {apiVersion: v1, kind: Namespace, metadata: {name: team}}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: SigningPolicy
            metadata: {name: everywhere}
            spec: {mode: Enforce, anySigner: true}
            """);
        await running.UntilAsync(async () => await EntryAsync(running, mutating: true) is not null && await EntryAsync(running, mutating: false) is not null, "the webhooks to be registered");
        await running.UntilAsync(async () => await RefusalAsync(running, "team", "probe") is not null, "the policy to be in force");
        var selector = (await EntryAsync(running, mutating: false)).Object("namespaceSelector")!.ToJsonString();
        var (inSystem, inTeam) = (await RefusalAsync(running, "system", "dns"), await RefusalAsync(running, "team", "app"));

        await running.Client.DeleteAsync(SigningPolicy.Definition, ObjectKey.Cluster("everywhere"), new DeleteOptions(), default);
        await running.UntilAsync(async () => await EntryAsync(running, mutating: true) is null && await EntryAsync(running, mutating: false) is null, "the webhooks to be removed");
        var afterwards = await RefusalAsync(running, "team", "app");

        Assert.Multiple(() =>
        {
            Assert.That(selector, Is.EqualTo("""{"matchExpressions":[{"key":"kubernetes.io/metadata.name","operator":"NotIn","values":["system"]}]}"""));
            Assert.That(inSystem, Is.Null);
            Assert.That(inTeam, Does.Contain("docker.io must be a registered trusted registry"));
            Assert.That(afterwards, Is.Null);
        });
    }

    private static async Task<JsonObject?> EntryAsync(RunningOperator running, bool mutating)
    {
        var (kind, name, entry) = mutating
            ? (ClusterKinds.MutatingWebhook, WebhookConfigurations.MutatingName, PinImages)
            : (ClusterKinds.ValidatingWebhook, WebhookConfigurations.ValidatingName, SignedImages);
        return ((await running.Client.GetAsync(kind, ObjectKey.Cluster(name), default)).Array("webhooks") ?? []).OfType<JsonObject>().FirstOrDefault(w => w.String("name") == entry);
    }

    private static async Task<string?> RefusalAsync(RunningOperator running, string @namespace, string name)
    {
        try
        {
            await running.Client.CreateAsync(
                ClusterKinds.Pod,
                (JsonObject)JsonNode.Parse($$$"""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{name}}}","namespace":"{{{@namespace}}}"},"spec":{"containers":[{"name":"c","image":"nginx"}]}}""")!,
                Writer with { DryRun = name == "probe" },
                default);
            return null;
        }
        catch (KubernetesApiException e)
        {
            return e.Message;
        }
    }
}
