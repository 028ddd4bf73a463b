using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Objects.Json;

namespace Portcullis.Uninstall;

/// <summary>The CRDs of our group that the cluster has, also of kinds that this version of the program does not know.</summary>
internal sealed class OwnDefinitions(InstalledCluster cluster)
{
    public async Task<IReadOnlyList<JsonObject>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await cluster.ListAsync(ClusterKinds.CustomResourceDefinition, null, cancellationToken)).Where(OwnObjects.IsDefinition)];

    /// <summary>The kind in a version that is served; null when none is.</summary>
    public static ApiResource? KindOf(JsonObject crd)
    {
        var spec = crd.Object("spec");
        var version = (spec.Array("versions") ?? []).Where(v => v.Flag("served") == true).Select(v => v.String("name")).LastOrDefault();
        return version is null
            ? null
            : new ApiResource(
                spec.String("group")!, version, spec.Object("names").String("kind")!, spec.Object("names").String("plural")!, spec.String("scope") == "Namespaced");
    }

    /// <summary>Deletes each, and with it all its objects.</summary>
    public async Task<IReadOnlyList<Removal>> RemovalsAsync(TimeSpan patience, CancellationToken cancellationToken) =>
        [.. (await ListAsync(cancellationToken)).Select(crd => cluster.DeletionToTheEnd(ClusterKinds.CustomResourceDefinition, crd, patience, WhatHoldsAsync))];

    private async Task<string> WhatHoldsAsync(JsonObject crd, CancellationToken cancellationToken)
    {
        if (KindOf(crd) is { } kind && await cluster.ListAsync(kind, null, cancellationToken) is [var left, ..])
        {
            var finalizers = left.Object("metadata").Strings("finalizers");
            return finalizers.Count > 0
                ? $"{InstalledCluster.Name(kind, left)} has the finalizers {string.Join(", ", finalizers)}"
                : $"the API server has not deleted {InstalledCluster.Name(kind, left)} yet";
        }

        return "the API server has not finished with it yet";
    }
}
