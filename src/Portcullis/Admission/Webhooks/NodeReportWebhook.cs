using Portcullis.Core;
using Portcullis.Core.Hardening;
using Portcullis.Objects.Json;

namespace Portcullis.Admission.Webhooks;

/// <summary>
/// An agent may write the report of its own node only. In a cluster the node is in the token of its ServiceAccount (the claim
/// <c>authentication.kubernetes.io/node-name</c> of Kubernetes 1.32); elsewhere it is in the user's name.
/// </summary>
internal sealed class NodeReportWebhook : IWebhook
{
    public const string AgentUserPrefix = "portcullis:agent:";
    private const string AgentAccount = $"system:serviceaccount:{WellKnown.SystemNamespace}:portcullis-agent";
    private const string NodeClaim = "authentication.kubernetes.io/node-name";

    public WebhookDefinition Definition { get; } = new("/node-reports", WebhookPhase.Validating, WebhookFailurePolicy.Fail, TimeSpan.FromSeconds(5))
    {
        Matches =
        [
            new WebhookMatch(
                "node-reports.portcullis.dev",
                new WebhookRule([WellKnown.Group], [NodeReport.Definition.Plural, $"{NodeReport.Definition.Plural}/status"], ["CREATE", "UPDATE"])),
        ],
    };

    public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask<AdmissionResponse> DecideAsync(AdmissionRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(Decide(request));

    private static AdmissionResponse Decide(AdmissionRequest request)
    {
        // Other users are limited by RBAC.
        var isAccount = request.User == AgentAccount;
        if (!isAccount && !request.User.StartsWith(AgentUserPrefix, StringComparison.Ordinal))
        {
            return AdmissionResponse.Admit;
        }

        var node = isAccount
            ? request.Extra.Array(NodeClaim) is [var only] ? only?.GetValue<string>() : null
            : request.User[AgentUserPrefix.Length..];
        if (string.IsNullOrEmpty(node))
        {
            return AdmissionResponse.Deny($"the token of {request.User} is not bound to a node: it may not write any NodeReport");
        }

        return request.Key.Name == node
            ? AdmissionResponse.Admit
            : AdmissionResponse.Deny($"the agent of node {node} may write the NodeReport {node} only, not {request.Key.Name}");
    }
}
