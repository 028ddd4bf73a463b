using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Http.Retries;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Collections;

/// <summary>
/// Finds out whether anything enforces NetworkPolicy. The API never says so; known are our own embedded server (which only stores it) and
/// the network plugins that are known to enforce it. Everything else is unknown, and unknown is never a pass (design law 3).
/// </summary>
internal sealed class NetworkPolicySupport(KubernetesClient client, TimeProvider time)
{
    /// <summary>In <c>gitVersion</c> of <c>/version</c> of the embedded server.</summary>
    public const string EmbeddedMarker = "-portcullis";

    private static readonly TimeSpan KeepFor = TimeSpan.FromMinutes(5);

    private static readonly HashSet<string> Enforcers = new(
        ["calico-node", "canal", "cilium", "antrea-agent", "kube-router", "ovnkube-node", "weave-net", "kindnet", "azure-npm"], StringComparer.Ordinal);

    private (TimeSpan At, NetworkPolicyFact Fact)? _known;

    public async Task<NetworkPolicyFact> AskAsync(CancellationToken cancellationToken)
    {
        var now = time.Monotonic();
        if (_known is { } known && now - known.At < KeepFor)
        {
            return known.Fact;
        }

        var fact = await FindOutAsync(cancellationToken);
        _known = (now, fact);
        return fact;
    }

    private async Task<NetworkPolicyFact> FindOutAsync(CancellationToken cancellationToken)
    {
        try
        {
            if ((await client.ReadAsync("/version", cancellationToken)).String("gitVersion")?.Contains(EmbeddedMarker, StringComparison.Ordinal) == true)
            {
                return new NetworkPolicyFact(false, "this API server stores NetworkPolicy objects and nothing enforces them");
            }

            await foreach (var one in client.ListAsync(ClusterKinds.DaemonSet, new ListOptions(), cancellationToken))
            {
                if (one.Object("metadata").String("name") is { } name && Enforcers.Contains(name) && Runs(one))
                {
                    return new NetworkPolicyFact(true, $"the network plugin {name} enforces NetworkPolicy");
                }
            }
        }
        catch (KubernetesApiException e) when (!e.IsTransient)
        {
            return new NetworkPolicyFact(null, "whether anything enforces NetworkPolicy could not be found out: listing DaemonSets is not allowed");
        }

        return new NetworkPolicyFact(null, "no network plugin that is known to enforce NetworkPolicy runs as a DaemonSet here");
    }

    private static bool Runs(JsonObject daemonSet) =>
        daemonSet.Object("status") is { } status
        && status["numberReady"]?.GetValue<int>() is { } ready and > 0
        && status["desiredNumberScheduled"]?.GetValue<int>() == ready;
}
