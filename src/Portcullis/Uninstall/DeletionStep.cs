using System.Text.Json.Nodes;

namespace Portcullis.Uninstall;

/// <summary>Deletes the objects of some kinds that are ours; it does not wait until they are gone.</summary>
internal sealed class DeletionStep(string title, InstalledCluster cluster, params IReadOnlyList<OwnKind> kinds) : IRemovalStep
{
    public string Title => title;

    public async Task<IReadOnlyList<Removal>> FindAsync(CancellationToken cancellationToken)
    {
        var found = new List<Removal>();
        foreach (var kind in kinds)
        {
            var objects = await cluster.ListAsync(kind.Resource, kind.Selector, cancellationToken, kind.Namespace);
            found.AddRange(objects.Where(kind.IsOurs).Select(o => cluster.Deletion(kind.Resource, o)));
        }

        return found;
    }
}

/// <summary>Which objects of a kind are ours.</summary>
/// <param name="Resource">The kind.</param>
/// <param name="Selector">Labels that ours have; null where they have none.</param>
/// <param name="IsOurs">What else holds of ours.</param>
internal sealed record OwnKind(ApiResource Resource, string? Selector, Func<JsonObject, bool> IsOurs)
{
    /// <summary>Empty for every namespace.</summary>
    public string Namespace { get; init; } = "";
}
