using System.Text.Json.Nodes;
using Portcullis.Admission.Webhooks;
using Portcullis.ApiServer;
using Portcullis.Bootstrap;
using Portcullis.Core;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Connection;

namespace Portcullis.Up;

/// <summary>
/// The identities of operator, gateway and agent in <c>portcullis up</c>, with the permissions of <c>config/rbac</c> and no others, so that what works
/// here works in a cluster. The agent is a user named after its node, bound to the same role as the ServiceAccount of a cluster's agents.
/// </summary>
internal sealed class LocalAccess(KubernetesClient admin, EmbeddedApiServer api, StateFolder state)
{
    private const string OperatorUser = $"system:serviceaccount:{WellKnown.SystemNamespace}:portcullis-operator";
    private const string GatewayUser = $"system:serviceaccount:{WellKnown.SystemNamespace}:portcullis-gateway";
    private static readonly string[] ServiceAccountGroups = ["system:serviceaccounts", $"system:serviceaccounts:{WellKnown.SystemNamespace}"];
    private static readonly WriteOptions Write = new("portcullis-up");

    /// <summary>Applying it again changes nothing; roles that an administrator added stay.</summary>
    public async Task ApplyAsync(string node, CancellationToken cancellationToken)
    {
        foreach (var value in InstalledRights.Manifests())
        {
            await ApplyAsync(value, Write, cancellationToken);
        }

        await ApplyAsync(AgentBinding(node), Write, cancellationToken);
        await ApplyNodeAsync(node, cancellationToken);
    }

    public KubernetesConnection Operator(TimeProvider time) => Connect(OperatorUser, ServiceAccountGroups, "operator.kubeconfig", time);

    public KubernetesConnection Gateway(TimeProvider time) => Connect(GatewayUser, ServiceAccountGroups, "gateway.kubeconfig", time);

    public KubernetesConnection Agent(string node, TimeProvider time) => Connect(NodeReportWebhook.AgentUserPrefix + node, [], "agent.kubeconfig", time);

    private KubernetesConnection Connect(string user, IReadOnlyList<string> groups, string file, TimeProvider time) =>
        KubeConfig.LoadDefault(api.CreateKubeconfig(user, groups, Path.Combine(state.Path, file)), time: time);

    private async Task ApplyAsync(JsonObject value, WriteOptions options, CancellationToken cancellationToken)
    {
        var (apiVersion, kind) = (value["apiVersion"]!.GetValue<string>(), value["kind"]!.GetValue<string>());
        var resource = await admin.FindResourceAsync(apiVersion, kind, cancellationToken)
            ?? throw new InvalidOperationException($"the embedded API serves no {apiVersion} {kind}");
        await admin.ApplyAsync(resource, value, options, cancellationToken);
    }

    /// <summary>There is no kubelet to create it. An existing Node of this name keeps its labels.</summary>
    private async Task ApplyNodeAsync(string node, CancellationToken cancellationToken)
    {
        if (await admin.GetAsync(ClusterKinds.Node, ObjectKey.Cluster(node), cancellationToken) is null)
        {
            await ApplyAsync(
                new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "Node",
                    ["metadata"] = new JsonObject { ["name"] = node, ["labels"] = new JsonObject { ["kubernetes.io/hostname"] = node } },
                },
                Write,
                cancellationToken);
        }
    }

    private static JsonObject AgentBinding(string node) => new()
    {
        ["apiVersion"] = "rbac.authorization.k8s.io/v1",
        ["kind"] = "ClusterRoleBinding",
        ["metadata"] = new JsonObject { ["name"] = $"portcullis-agent-{node}" },
        ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "ClusterRole", ["name"] = "portcullis-agent" },
        ["subjects"] = new JsonArray(new JsonObject
        {
            ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "User", ["name"] = NodeReportWebhook.AgentUserPrefix + node,
        }),
    };
}
