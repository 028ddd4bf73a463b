using Portcullis.Clients.Git;
using Portcullis.Core;
using Portcullis.Core.Revisions;
using Portcullis.Core.Sources;
using Portcullis.Sources.Validate;

namespace Portcullis.Sources.Fetch;

/// <summary>Fetches, verifies, reads and validates one revision; on success it is the source's revision in force.</summary>
internal sealed class SourceLoader(RevisionValidator validator, IRevisionGate gate, ManifestReader reader, SourceMetrics metrics, TimeProvider time)
{
    /// <summary><see cref="FetchResult.Current"/> when the target is in force now.</summary>
    public async Task<FetchResult> LoadAsync(
        GitSource source, SourceState state, SourceTarget target, AcceptanceKey judge, CancellationToken cancellationToken)
    {
        var mirror = state.Fetch.Mirror!;
        var wanted = target.TagObject ?? target.Commit;
        var fetch = state.Fetch.Fetched != wanted && (state.InForce is not null || await mirror.Repository.ResolveAsync(wanted, cancellationToken) is null);
        if (fetch)
        {
            await mirror.FetchAsync(target.RefName, cancellationToken);
        }

        var before = state.InForce?.Target.Commit ?? CommitOf(state.Report.Last?.InForceRevision);
        var observed = state.InForce?.Observed ?? state.Report.Last?.ObservedSource;
        var follows = before is not null && before != target.Commit && await mirror.Repository.IsAncestorAsync(before, target.Commit, cancellationToken);

        // What descends from something is there.
        if (fetch && !follows && await mirror.Repository.ResolveAsync(target.Commit, cancellationToken) is null)
        {
            return new FetchResult.Unavailable(SourceReasons.FetchFailed, $"the commit {target.Commit} was not sent; it is looked for again");
        }

        state.Fetch.Fetched = wanted;
        var descends = follows || before is null || before == target.Commit;
        if (!descends && Rewritten(source, before!, observed, target) is { } rewritten)
        {
            return rewritten;
        }

        var (revision, refused) = await ReadAsync(source, state, target, judge, descends ? before : null, cancellationToken);
        if (revision is null)
        {
            return refused!;
        }

        if (before is not null && !IsInForce(state, revision) && await gate.RefuseAsync(source, state, revision, cancellationToken) is { } kept)
        {
            return kept;
        }

        state.InForce = revision;
        state.Fetch.ToKeep = target.Commit;
        return new FetchResult.Current();
    }

    /// <summary>Puts in force again what was before this process started, from the mirror alone or by fetching that commit.</summary>
    public async Task RestoreAsync(GitSource source, SourceState state, AcceptanceKey judge, CancellationToken cancellationToken)
    {
        if (state.Report.Last?.InForceRevision is not { } text || CommitOf(text) is not { } commit)
        {
            return;
        }

        var mirror = state.Fetch.Mirror!;
        if (await mirror.Repository.ResolveAsync(commit, cancellationToken) is null)
        {
            await mirror.FetchAsync(commit, cancellationToken);
        }

        var display = text[..text.IndexOf('@', StringComparison.Ordinal)];
        var before = source with { Spec = source.Spec with { Path = state.Report.Last.ObservedPath ?? source.Spec.Path } };
        var (revision, _) = await ReadAsync(before, state, new SourceTarget(commit, display, commit, null), judge, null, cancellationToken);
        state.InForce = revision;
    }

    /// <summary>The same content was put in force before, by this process or by one before it: no second decision is due.</summary>
    private static bool IsInForce(SourceState state, SourceRevision revision) => state.InForce is { } current
        ? current.Target.Commit == revision.Target.Commit && current.Folder == revision.Folder
        : CommitOf(state.Report.Last?.InForceRevision) == revision.Target.Commit && (state.Report.Last?.ObservedPath ?? revision.Folder) == revision.Folder;

    private async Task<(SourceRevision? Revision, FetchResult? Refused)> ReadAsync(
        GitSource source, SourceState state, SourceTarget target, AcceptanceKey judge, string? before, CancellationToken cancellationToken)
    {
        var mirror = state.Fetch.Mirror!;
        var (signature, unsigned) = await VerifyAsync(source, mirror, target, judge.Keys, cancellationToken);
        if (unsigned is not null)
        {
            return (null, new FetchResult.Rejected(SourceReasons.VerificationFailed, $"{target.Revision}: {unsigned}", target.Revision, []));
        }

        var tree = state.Fetch.Tree ??= new ManifestTree(reader, ManifestLimits.Default);
        var reading = tree.ReadAsync(mirror.Repository, target.Commit, source.Spec.Folder(), cancellationToken);
        var naming = mirror.Repository.ReadCommitAsync(target.Commit, cancellationToken);
        var tracing = SourceProvenance.ReadNewestAsync(mirror.Repository, target.Commit, before, source.Spec.Folder(), cancellationToken);
        await Task.WhenAll(reading, naming, tracing);
        var (files, problems, notes) = await reading;
        var (content, all) = await validator.ValidateAsync(source, files, problems, cancellationToken);
        if (all.Count > 0)
        {
            var more = all.Count == 1 ? "" : $" (and {all.Count - 1} more)";
            return (null, new FetchResult.Rejected(SourceReasons.InvalidRevision, $"{target.Short} rejected: {all[0]}{more}", target.Revision, all));
        }

        return (new SourceRevision
        {
            Target = target,
            Commit = await naming,
            Objects = content.Objects,
            ByIdentity = content.ByIdentity,
            JudgedBy = judge.ToString(),
            Signature = signature,
            Notes = notes,
            Before = before,
            Newest = await tracing,
            Observed = source.Spec.Observed(),
            Repository = mirror.Repository,
            Folder = source.Spec.Folder(),
        }, null);
    }

    /// <summary>A rewritten history is refused until somebody approves its head by name.</summary>
    private static FetchResult.Rejected? Rewritten(GitSource source, string before, string? observed, SourceTarget target)
    {
        if (source.Spec.Ref?.Commit is not null
            || (observed is not null && observed != source.Spec.Observed())
            || source.Metadata.Annotation(WellKnown.Annotations.Approve) == target.Commit)
        {
            return null;
        }

        return new FetchResult.Rejected(
            SourceReasons.HistoryRewritten,
            $"{target.Revision} does not descend from {before}, which is in force; approve it with kubectl annotate gitsource {source.Key.Name} --overwrite {WellKnown.Annotations.Approve}={target.Commit}",
            target.Revision,
            []);
    }

    private async Task<(GitSignature? Signature, string? Problem)> VerifyAsync(
        GitSource source, GitMirror mirror, SourceTarget target, GitKeyring? keys, CancellationToken cancellationToken)
    {
        if (source.Spec.Verify is not { } verify || keys is null)
        {
            return (null, null);
        }

        var mode = verify.Mode ?? VerificationMode.HEAD;
        GitSignature? signature = null;
        if (mode is VerificationMode.Tag or VerificationMode.TagAndHEAD && !(target.RefName == target.Commit && target.Display != "commit"))
        {
            var (tag, problem) = target.RefName.StartsWith("refs/tags/", StringComparison.Ordinal)
                ? await mirror.Signatures.VerifyTagAsync(target.TagObject ?? target.Commit, target.Display, keys, cancellationToken)
                : (null, $"spec.verify.mode {mode} needs spec.ref.tag or spec.ref.semver");
            if (problem is not null)
            {
                return (null, problem);
            }

            signature = tag;
        }

        if (mode is VerificationMode.HEAD or VerificationMode.TagAndHEAD)
        {
            var (head, problem) = await mirror.Signatures.VerifyCommitAsync(target.Commit, keys, cancellationToken);
            if (problem is not null)
            {
                return (null, problem);
            }

            signature = head;
        }

        metrics.Verified(source.Key.Name, time.GetUtcNow());
        return (signature, null);
    }

    private static string? CommitOf(string? revision) =>
        revision?.IndexOf("@sha1:", StringComparison.Ordinal) is int at && at >= 0 ? revision[(at + "@sha1:".Length)..] : null;
}
