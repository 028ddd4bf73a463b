using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;

namespace Portcullis.Tests.Access;

/// <summary>What was changed while nobody looked is put back at the next start, and its Event says who the object itself says it was (law 1).</summary>
[TestFixture]
internal sealed class DriftAfterRestartTests
{
    private static readonly WriteOptions ByHand = new("kubectl-edit");
    private static readonly ObjectKey Binding = new("restart", "portcullis:viewonly");
    private static readonly ObjectKey Quota = new("restart", GuardrailObjects.Name);

    [Test]
    public async Task The_event_names_field_manager_and_time_of_what_was_changed_while_the_program_was_away()
    {
        await using var running = await RunningOperator.StartAsync();
        await running.Cluster.ApplyAsync("""
            {apiVersion: portcullis.dev/v1alpha1, kind: Collection, metadata: {name: restart}, spec: {path: /restart, namespaces: [{name: restart}], guardrails: {resourceQuota: {hard: {pods: 5}}}}}
            ---
            {apiVersion: portcullis.dev/v1alpha1, kind: Grant, metadata: {name: restart}, spec: {subject: {kind: User, name: rita}, role: ViewOnly, collection: /restart}}
            """);
        await running.UntilAsync(() => running.MayAsync("rita", "list", "pods", "restart"), "the grant to be in force");
        await running.UntilReadyAsync(Collection.Definition, "restart");
        await running.UntilReadyAsync(Grant.Definition, "restart");

        var times = new Dictionary<string, string>(StringComparer.Ordinal);
        await running.RestartAsync(async () =>
        {
            await EditAsync(ClusterKinds.Namespace, ObjectKey.Cluster("restart"), """{"metadata":{"labels":{"restart.tree.portcullis.dev/depth":"7"}}}""");
            await EditAsync(ClusterKinds.ResourceQuota, Quota, """{"spec":{"hard":{"pods":"500"}}}""");
            await EditAsync(
                ClusterKinds.RoleBinding, Binding, """{"subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"mallory"}]}""");
        });

        await running.EventAsync("Collection", "restart", $"Namespace restart was changed by field manager kubectl-edit at {times["Namespace"]}");
        await running.EventAsync("Collection", "restart", $"ResourceQuota restart/portcullis-guardrails was changed by field manager kubectl-edit at {times["ResourceQuota"]}");
        await running.EventAsync("Grant", "restart", $"was changed by field manager kubectl-edit at {times["RoleBinding"]}");
        await running.UntilAsync(() => running.MayAsync("rita", "list", "pods", "restart"), "the binding to be put back");
        Assert.That(await running.MayAsync("mallory", "list", "pods", "restart"), Is.False);
        await running.UntilAsync(ClusterKinds.ResourceQuota, Quota.Name, q => q.Object("spec").Object("hard").String("pods") == "5", "put back", Quota.Namespace);

        async Task EditAsync(ApiResource resource, ObjectKey key, string patch)
        {
            var edited = await running.Client.MergePatchAsync(resource, key, JsonNode.Parse(patch)!.AsObject(), ByHand, default);
            times[resource.Kind] = edited.Object("metadata").Array("managedFields")!.Single(m => m.String("manager") == "kubectl-edit").String("time")!;
        }
    }
}
