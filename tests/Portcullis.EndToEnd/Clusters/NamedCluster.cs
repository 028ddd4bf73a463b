using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Roles;
using Portcullis.EndToEnd.Clusters;
using Portcullis.Kubernetes.Client;
using Portcullis.Testing.Clusters;

namespace Portcullis.EndToEnd;

/// <summary>
/// Leaves a cluster that PORTCULLIS_TEST_KUBECONFIG names as it was: what the tests share there (CRDs, roles, the namespace, webhook
/// configurations) goes at the end unless it was there before. No operator but the tests' own may run on it meanwhile.
/// </summary>
[SetUpFixture]
internal sealed class NamedCluster
{
    private readonly List<(string ApiVersion, string Kind, ObjectKey Key)> _new = [];

    public static bool IsNamed => Environment.GetEnvironmentVariable(TestCluster.KubeconfigVariable) is { Length: > 0 };

    [OneTimeSetUp]
    public async Task RememberAsync()
    {
        if (!IsNamed)
        {
            return;
        }

        await using var cluster = await TestCluster.StartAsync();
        foreach (var (apiVersion, kind, key) in Shared())
        {
            if (await cluster.Client.FindResourceAsync(apiVersion, kind, CancellationToken.None) is { } resource
                && await cluster.Client.GetAsync(resource, key, CancellationToken.None) is null)
            {
                _new.Add((apiVersion, kind, key));
            }
        }
    }

    [OneTimeTearDown]
    public async Task RemoveAsync()
    {
        if (!IsNamed)
        {
            return;
        }

        await using var cluster = await TestCluster.StartAsync();
        foreach (var (apiVersion, kind, key) in _new)
        {
            if (await cluster.Client.FindResourceAsync(apiVersion, kind, CancellationToken.None) is { } resource)
            {
                await cluster.Client.DeleteAsync(resource, key, new DeleteOptions { PropagationPolicy = "Background" }, CancellationToken.None);
            }
        }
    }

    private static IEnumerable<(string ApiVersion, string Kind, ObjectKey Key)> Shared() =>
    [
        .. Installation.Everything().Reverse().Select(m => (m["apiVersion"]!.GetValue<string>(), m["kind"]!.GetValue<string>(), KeyOf(m))),
        .. BuiltInRoles.All.Select(r => (ClusterKinds.ClusterRole.ApiVersion, "ClusterRole", ObjectKey.Cluster(r.ClusterRoleName))),
        (ClusterKinds.MutatingWebhook.ApiVersion, ClusterKinds.MutatingWebhook.Kind, ObjectKey.Cluster("portcullis-pods")),
        (ClusterKinds.ValidatingWebhook.ApiVersion, ClusterKinds.ValidatingWebhook.Kind, ObjectKey.Cluster("portcullis")),
    ];

    private static ObjectKey KeyOf(JsonObject value) =>
        new(value["metadata"]!["namespace"]?.GetValue<string>() ?? "", value["metadata"]!["name"]!.GetValue<string>());
}
