using Portcullis.Core;
using Portcullis.Objects.Json;

namespace Portcullis.Admission;

/// <summary>
/// An agent writes the report of its own node and of no other (design.md section 8). In a cluster the node stands in the token of its
/// ServiceAccount (the claim <c>authentication.kubernetes.io/node-name</c> of Kubernetes 1.32); elsewhere in the user's name.
/// </summary>
internal static class NodeReportAdmission
{
    public const string AgentAccount = $"system:serviceaccount:{WellKnown.SystemNamespace}:portcullis-agent";
    public const string AgentUserPrefix = "portcullis:agent:";
    private const string NodeClaim = "authentication.kubernetes.io/node-name";

    public static AdmissionAnswer Validate(AdmissionCall call)
    {
        string? node;
        if (call.User == AgentAccount)
        {
            node = call.Extra.Array(NodeClaim) is [var only] ? only?.GetValue<string>() : null;
        }
        else if (call.User.StartsWith(AgentUserPrefix, StringComparison.Ordinal))
        {
            node = call.User[AgentUserPrefix.Length..];
        }
        else
        {
            // Everybody else is RBAC's business.
            return AdmissionAnswer.Yes;
        }

        return string.IsNullOrEmpty(node)
            ? AdmissionAnswer.No($"the token of {call.User} is not bound to a node, so no NodeReport is its own")
            : call.Key.Name == node ? AdmissionAnswer.Yes : AdmissionAnswer.No($"the agent of node {node} may write the NodeReport {node} only, not {call.Key.Name}");
    }
}
