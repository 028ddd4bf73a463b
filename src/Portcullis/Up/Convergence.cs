namespace Portcullis.Up;

/// <summary>
/// When a <c>--once</c> run is over: every resource is Ready and the root source has looked at Git in this very run (what a former
/// run left behind proves nothing), twice in a row so that what a late write sets in motion is still seen.
/// </summary>
internal sealed class Convergence(string rootSource, string request)
{
    private const int LooksInARow = 3;
    private int _agreed;

    /// <summary>True once the world has converged.</summary>
    public bool Look(IReadOnlyList<ResourceRow> rows)
    {
        var root = rows.FirstOrDefault(r => r.Kind == "GitSource" && r.Name == rootSource);
        var converged = root?.Handled == request && rows.All(r => r.State == ResourceState.Ready);
        _agreed = converged ? _agreed + 1 : 0;
        return _agreed >= LooksInARow;
    }

    /// <summary>True when the root source has looked and nothing moves any more, but something is broken for good.</summary>
    public bool IsHopeless(IReadOnlyList<ResourceRow> rows) =>
        rows.FirstOrDefault(r => r.Kind == "GitSource" && r.Name == rootSource)?.Handled == request
        && rows.Any(r => r.State == ResourceState.Failed)
        && rows.All(r => r.State != ResourceState.Progressing);

    /// <summary>What keeps it from being converged, one line each.</summary>
    public static IEnumerable<string> Missing(IReadOnlyList<ResourceRow> rows) =>
        rows.Where(r => r.State != ResourceState.Ready).Select(r => $"{r.Title}: {r.Message}");
}
