namespace Portcullis.Up;

/// <summary>
/// When a <c>--once</c> run is done: every resource is Ready and the root source was reconciled in this run (the status that an earlier
/// run left proves nothing), several times in a row so that the effects of a late write are still seen.
/// </summary>
internal sealed class Convergence(string rootSource, string request)
{
    private const int RequiredInARow = 3;
    private int _inARow;

    /// <summary>True once everything has converged. To be called with each new state.</summary>
    public bool IsReached(IReadOnlyList<ResourceRow> rows)
    {
        var root = rows.FirstOrDefault(r => r.Kind == "GitSource" && r.Name == rootSource);
        var converged = root?.Handled == request && rows.All(r => r.State == ResourceState.Ready);
        _inARow = converged ? _inARow + 1 : 0;
        return _inARow >= RequiredInARow;
    }

    /// <summary>True when the root source was reconciled and nothing progresses any more, but something failed.</summary>
    public bool HasFailed(IReadOnlyList<ResourceRow> rows) =>
        rows.FirstOrDefault(r => r.Kind == "GitSource" && r.Name == rootSource)?.Handled == request
        && rows.Any(r => r.State == ResourceState.Failed)
        && rows.All(r => r.State != ResourceState.Progressing);

    /// <summary>The resources that are not Ready and why, one line each.</summary>
    public static IEnumerable<string> Missing(IReadOnlyList<ResourceRow> rows) =>
        rows.Where(r => r.State != ResourceState.Ready).Select(r => $"{r.Title}: {r.Message}");
}
