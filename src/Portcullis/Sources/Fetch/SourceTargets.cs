using Portcullis.Clients.Git;
using Portcullis.Core.Sources;
using Portcullis.Core.Versions;

namespace Portcullis.Sources.Fetch;

/// <summary>Finds what a source's ref stands for in the remote now, by one question.</summary>
internal static class SourceTargets
{
    private const string Tags = "refs/tags/";
    private const int MostNamed = 5;

    public static Task<SourceTarget> FindAsync(GitMirror mirror, GitReference? reference, CancellationToken cancellationToken)
    {
        var wanted = reference ?? new GitReference();
        return wanted switch
        {
            { Commit: { } commit } => Task.FromResult(new SourceTarget(wanted.Branch is null ? commit : PatternOf(wanted), wanted.Branch ?? "commit", commit, null)),
            { Semver: { } range } => HighestAsync(mirror, range, cancellationToken),
            _ => OneAsync(mirror, PatternOf(wanted), wanted.Tag ?? BranchOf(wanted), cancellationToken),
        };
    }

    /// <summary>The same when it is likely to have moved: then it is brought here by the question itself, where it is one ref.</summary>
    public static async Task<SourceTarget> FetchAsync(FetchState state, GitReference? reference, CancellationToken cancellationToken)
    {
        var wanted = reference ?? new GitReference();
        if (wanted is not { Commit: null, Semver: null } || await state.Mirror!.FetchRefAsync(PatternOf(wanted), cancellationToken) is not { } found)
        {
            return await FindAsync(state.Mirror!, reference, cancellationToken);
        }

        state.Fetched = found.Target;
        return Target(found, wanted.Tag ?? BranchOf(wanted));
    }

    /// <summary>The ref that decides, or the refs (with <c>/*</c> at the end) that a version is chosen from.</summary>
    public static string PatternOf(GitReference reference) => reference switch
    {
        { Commit: null, Semver: not null } => Tags + "*",
        { Commit: null, Tag: { } tag } => Tags + tag,
        _ => $"refs/heads/{BranchOf(reference)}",
    };

    private static string BranchOf(GitReference reference) => reference.Branch ?? "main";

    private static async Task<SourceTarget> OneAsync(GitMirror mirror, string name, string display, CancellationToken cancellationToken)
    {
        var refs = await mirror.ListAsync(name, cancellationToken);
        return refs.Count == 1
            ? Target(refs[0], display)
            : throw new GitException(GitFailure.NoReference, await MissingAsync(mirror, name, display, cancellationToken));
    }

    /// <summary>Says what there is instead: the branch is often master, and a repository often not yet pushed to.</summary>
    private static async Task<string> MissingAsync(GitMirror mirror, string name, string display, CancellationToken cancellationToken)
    {
        var isTag = name.StartsWith(Tags, StringComparison.Ordinal);
        var family = isTag ? Tags : "refs/heads/";
        var present = (await mirror.ListAsync(family + "*", cancellationToken)).Select(r => r.Name[family.Length..]).ToList();
        var missing = $"there is no {(isTag ? "tag" : "branch")} {display} in the repository";
        return present switch
        {
            [] => $"{missing}, which {(isTag ? "has no tags" : "is empty")}",
            { Count: > MostNamed } => $"{missing}; it has {string.Join(", ", present.Take(MostNamed))} and {present.Count - MostNamed} more",
            _ => $"{missing}; it has {string.Join(", ", present)}",
        };
    }

    private static async Task<SourceTarget> HighestAsync(GitMirror mirror, string text, CancellationToken cancellationToken)
    {
        var range = VersionRange.Parse(text) ?? throw new GitException(GitFailure.NoReference, $"spec.ref.semver: \"{text}\" is no version range");
        var highest = (await mirror.ListAsync(Tags + "*", cancellationToken))
            .Select(r => (Ref: r, Version: SemanticVersion.Parse(r.Name[Tags.Length..])))
            .Where(t => t.Version is not null && range.Contains(t.Version))
            .GroupBy(t => (t.Version!.Major, t.Version.Minor, t.Version.Patch, t.Version.Prerelease))
            .MaxBy(same => same.First().Version)?
            .Select(t => t.Ref).OrderBy(r => r.Name, StringComparer.Ordinal).ToList()
            ?? throw new GitException(GitFailure.NoReference, $"no tag of the repository is a version in {text}");
        var best = highest.Count == 1 ? highest[0] : await NewestAsync(mirror, highest, cancellationToken);
        return Target(best, best.Name[Tags.Length..]);
    }

    /// <summary>
    /// Of tags that differ in build metadata alone, that of the newest commit: the one that descends from the others, else the one with the latest
    /// date, as Flux has it.
    /// </summary>
    private static async Task<GitRef> NewestAsync(GitMirror mirror, List<GitRef> tags, CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        foreach (var tag in tags)
        {
            if (await mirror.Repository.ResolveAsync(tag.Commit, cancellationToken) is null)
            {
                missing.Add(tag.Name);
            }
        }

        if (missing.Count > 0)
        {
            await mirror.FetchTagsAsync(missing, cancellationToken);
        }

        var (best, bestTime) = (tags[0], (await mirror.Repository.ReadCommitAsync(tags[0].Commit, cancellationToken)).Time);
        foreach (var tag in tags.Skip(1))
        {
            var time = (await mirror.Repository.ReadCommitAsync(tag.Commit, cancellationToken)).Time;
            var isNewer = await mirror.Repository.IsAncestorAsync(best.Commit, tag.Commit, cancellationToken)
                || (time >= bestTime && !await mirror.Repository.IsAncestorAsync(tag.Commit, best.Commit, cancellationToken));
            (best, bestTime) = isNewer ? (tag, time) : (best, bestTime);
        }

        return best;
    }

    private static SourceTarget Target(GitRef found, string display) =>
        new(found.Name, display, found.Commit, found.Target == found.Commit ? null : found.Target);
}
