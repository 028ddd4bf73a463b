using System.Text.Json.Nodes;
using Portcullis.Commands;
using Portcullis.Core;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;
using Portcullis.Objects.Schemas;

namespace Portcullis.Up;

/// <summary>What must be in an API before the operator can work on it: the kinds, our namespace, the root source. Repeating it changes nothing.</summary>
internal sealed class Bootstrap(IKubernetesClient client, TimeProvider time)
{
    private static readonly WriteOptions Write = new("portcullis-up");
    private static readonly ApiResource Crds =
        new("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", Namespaced: false);

    private static readonly ApiResource Namespaces = new("", "v1", "Namespace", "namespaces", Namespaced: false);
    private static readonly TimeSpan EstablishedWithin = TimeSpan.FromSeconds(30);

    /// <summary>Brings the server's definitions of our kinds up to this program's, and waits until they are served.</summary>
    public async Task ApplyKindsAsync(CancellationToken cancellationToken)
    {
        foreach (var kind in KindCatalog.Kinds)
        {
            await client.ApplyAsync(Crds, CrdWriter.Crd(kind.Resource, kind.Options, kind.Type), Write, cancellationToken);
        }

        var deadline = time.Monotonic() + EstablishedWithin;
        foreach (var kind in KindCatalog.Kinds)
        {
            while (!await IsEstablishedAsync(kind, cancellationToken))
            {
                if (time.Monotonic() > deadline)
                {
                    throw new CommandException(ExitCode.Unreachable, $"the API server does not serve {kind.Resource.QualifiedPlural} although its CRD was accepted");
                }

                await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
            }
        }
    }

    public Task ApplyNamespaceAsync(CancellationToken cancellationToken) => client.ApplyAsync(
        Namespaces,
        new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = WellKnown.SystemNamespace },
        },
        Write,
        cancellationToken);

    /// <summary>Declares the source that may declare everything, and asks it to look now.</summary>
    /// <param name="name">The name of the root source.</param>
    /// <param name="spec">Its spec.</param>
    /// <param name="request">Comes back as <c>status.lastHandledReconcileAt</c> once it has looked.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public Task ApplyRootSourceAsync(string name, JsonObject spec, string request, CancellationToken cancellationToken) => client.ApplyAsync(
        GitSource.Definition,
        new JsonObject
        {
            ["apiVersion"] = GitSource.Definition.ApiVersion,
            ["kind"] = GitSource.Definition.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["annotations"] = new JsonObject { [WellKnown.Annotations.RequestedAt] = request },
            },
            ["spec"] = spec,
        },
        Write,
        cancellationToken);

    /// <summary>The spec of a root source; what is empty is left to the defaults.</summary>
    public static JsonObject RootSpec(string url, string branch, string path, string interval)
    {
        var spec = new JsonObject { ["url"] = url, ["interval"] = interval };
        if (branch.Length > 0)
        {
            spec["ref"] = new JsonObject { ["branch"] = branch };
        }

        if (path.Length > 0)
        {
            spec["path"] = path;
        }

        return spec;
    }

    private async Task<bool> IsEstablishedAsync(KindDefinition kind, CancellationToken cancellationToken)
    {
        var crd = await client.GetAsync(Crds, ObjectKey.Cluster(kind.Resource.QualifiedPlural), cancellationToken);
        return crd.Object("status").Array("conditions")?.OfType<JsonObject>()
            .Any(c => c.String("type") == "Established" && c.String("status") == ConditionTypes.True) == true;
    }
}
