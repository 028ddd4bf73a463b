using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Kinds;
using Portcullis.Errors;
using Portcullis.Http.Retries;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Crds;

namespace Portcullis.Bootstrap;

/// <summary>What an API must have before the operator can work on it: our namespace and the CRDs of our kinds. Applying it again changes nothing.</summary>
internal sealed class ClusterBootstrap(KubernetesClient client, KindSet kinds, TimeProvider time)
{
    private static readonly TimeSpan EstablishedWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>The field manager of what is applied at the start.</summary>
    internal static WriteOptions Writer { get; } = new("portcullis-up");

    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await ApplyNamespaceAsync(WellKnown.SystemNamespace, cancellationToken);
        await ApplyNamespaceAsync(WellKnown.TrustNamespace, cancellationToken);
        await ApplyKindsAsync(cancellationToken);
    }

    private Task<JsonObject> ApplyNamespaceAsync(string name, CancellationToken cancellationToken) => client.ApplyAsync(
        ClusterKinds.Namespace,
        new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = name },
        },
        Writer,
        cancellationToken);

    /// <summary>Applies the CRD of each kind and waits until the server serves it.</summary>
    private async Task ApplyKindsAsync(CancellationToken cancellationToken)
    {
        foreach (var kind in kinds.All)
        {
            await client.ApplyAsync(ClusterKinds.CustomResourceDefinition, CrdWriter.Crd(kind.Resource, kind.Options, kind.Type), Writer, cancellationToken);
        }

        var deadline = time.Monotonic() + EstablishedWithin;
        foreach (var kind in kinds.All)
        {
            await WaitUntilEstablishedAsync(kind, deadline, cancellationToken);
        }
    }

    private async Task WaitUntilEstablishedAsync(KindDefinition kind, TimeSpan deadline, CancellationToken cancellationToken)
    {
        while (!await IsEstablishedAsync(kind, cancellationToken))
        {
            if (time.Monotonic() > deadline)
            {
                throw new CommandException(
                    ExitCode.Unreachable,
                    $"the API server accepted the CRD {kind.Resource.QualifiedPlural} but does not serve it after {EstablishedWithin.TotalSeconds:0} s: see the conditions in kubectl describe crd {kind.Resource.QualifiedPlural}");
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    private async Task<bool> IsEstablishedAsync(KindDefinition kind, CancellationToken cancellationToken)
    {
        var crd = await client.GetAsync(ClusterKinds.CustomResourceDefinition, ObjectKey.Cluster(kind.Resource.QualifiedPlural), cancellationToken);
        return crd.Object("status").Array("conditions")?.OfType<JsonObject>()
            .Any(c => c.String("type") == "Established" && c.String("status") == ConditionTypes.True) == true;
    }
}
