using Microsoft.Extensions.Logging;
using Portcullis.Clients.Git;
using Portcullis.Core;
using Portcullis.Core.Sources;
using Portcullis.Http.Retries;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Secrets;

namespace Portcullis.Sources.Fetch;

/// <summary>
/// Keeps a source's revision in force up to date with its repository. Whatever goes wrong, the revision in force stays: a new one takes
/// its place only when it was fetched, descends from it, is signed as asked, and is valid as a whole.
/// </summary>
internal sealed partial class SourceFetching(
    SourceSecrets secrets, SourceLoader loader, GitMirrors mirrors, ReconcileTrigger<GitSource> trigger, TimeProvider time, ILogger<SourceFetching> logger)
{
    /// <summary>Polls when it is time, somebody asked, or the spec changed; otherwise returns what the last poll found.</summary>
    public async Task<FetchResult> FetchAsync(GitSource source, SourceState state, bool asked, CancellationToken cancellationToken)
    {
        var judgedBy = JudgedBy(source);
        var nudged = state.Fetch.TakeNudge();
        if (!nudged && !asked && judgedBy == state.Fetch.AcceptedBy && time.Monotonic() < state.Fetch.Next)
        {
            return state.Fetch.Last;
        }

        state.Fetch.Next = time.Monotonic(); // a poll that is cancelled is repeated at the next reconcile: the nudge is spent
        var result = await TryAsync(source, state, judgedBy, hasMoved: nudged && state.InForce is not null, cancellationToken);
        if (result is FetchResult.Rejected rejected && rejected.Message != (state.Fetch.Last as FetchResult.Rejected)?.Message)
        {
            Log.Rejected(logger, source.Key.Name, rejected.Reason, rejected.Message);
        }

        state.Fetch.Last = result;
        state.Fetch.AcceptedBy = judgedBy;
        var wait = result is FetchResult.Unavailable ? source.Spec.RetryAfter() : source.Spec.Interval();
        state.Fetch.Next = time.Monotonic() + (wait * 0.9); // the loop's jitter must not make a reconcile come just too early
        return result;
    }

    /// <summary>
    /// Keeps the revision in force from being cleaned out of the mirror when its branch moves elsewhere. Nothing waits for this: until
    /// the next fetch the branch itself keeps it.
    /// </summary>
    public async Task KeepAsync(GitSource source, SourceState state, CancellationToken cancellationToken)
    {
        if (state.Fetch.ToKeep is not { } commit)
        {
            return;
        }

        try
        {
            await state.Fetch.Mirror!.KeepAsync(commit, cancellationToken);
            state.Fetch.ToKeep = null;
        }
        catch (GitException e)
        {
            Log.NotKept(logger, source.Key.Name, commit, e.Message);
        }
    }

    private async Task<FetchResult> TryAsync(GitSource source, SourceState state, string judgedBy, bool hasMoved, CancellationToken cancellationToken)
    {
        var noticed = time.Monotonic();
        var url = GitUrl.Parse(source.Spec.Url, mirrors.AllowLocal, out var problem);
        if (url is null)
        {
            return new FetchResult.Rejected(SourceReasons.InvalidUrl, $"spec.url: {problem}", null, []);
        }

        try
        {
            await ConnectAsync(source, state, url, cancellationToken);
            var keys = await secrets.VerifyingAsync(source, cancellationToken);
            var judge = new AcceptanceKey(judgedBy, keys);
            var target = hasMoved
                ? await SourceTargets.FetchAsync(state.Fetch, source.Spec.Ref, cancellationToken)
                : await SourceTargets.FindAsync(state.Fetch.Mirror!, source.Spec.Ref, cancellationToken);
            if (state.InForce is { } current && current.Target == target && current.JudgedBy == judge.ToString())
            {
                return new FetchResult.Current();
            }

            var result = await loader.LoadAsync(source, state, target, judge, cancellationToken);
            if (result is FetchResult.Current)
            {
                state.Fetch.NoticedAt = noticed;
                state.Writes.BeginRevision();
                Log.InForce(logger, source.Key.Name, target.Revision, state.InForce!.Objects.Count);
            }
            else
            {
                await RestoreAsync(source, state, judgedBy, cancellationToken);
            }

            return result;
        }
        catch (GitException e)
        {
            return await FailedAsync(source, state, judgedBy, e, cancellationToken);
        }
        catch (BoundSecretException e)
        {
            await RestoreAsync(source, state, judgedBy, cancellationToken);
            return new FetchResult.Unavailable(SourceReasons.SecretNotUsable, e.Message);
        }
        catch (Exception e) when (e is KubernetesApiException or HttpRequestException)
        {
            // What is in force is kept so all the same.
            return new FetchResult.Unavailable(SourceReasons.NotJudged, $"the API server does not let the repository be judged: {e.Message}");
        }
    }

    private async Task<FetchResult> FailedAsync(GitSource source, SourceState state, string judgedBy, GitException failure, CancellationToken cancellationToken)
    {
        if (failure.Failure == GitFailure.Damaged)
        {
            Log.Damaged(logger, source.Key.Name, failure.Message);
            state.Fetch.Mirror?.Discard();
            state.Fetch.Fetched = null;
            state.Fetch.ToKeep = null;
        }

        await RestoreAsync(source, state, judgedBy, cancellationToken);
        return failure.Failure switch
        {
            GitFailure.NotAllowed => new FetchResult.Rejected(SourceReasons.FetchNotAllowed, failure.Message, null, []),
            GitFailure.Unsupported => new FetchResult.Rejected(SourceReasons.RepositoryNotSupported, failure.Message, null, []),
            GitFailure.Disk => new FetchResult.Unavailable(SourceReasons.CacheNotWritable, failure.Message),
            _ => new FetchResult.Unavailable(SourceReasons.FetchFailed, failure.Message),
        };
    }

    /// <summary>After a restart nothing is in force yet, but the mirror may still hold what was.</summary>
    private async Task RestoreAsync(GitSource source, SourceState state, string judgedBy, CancellationToken cancellationToken)
    {
        if (state.InForce is not null || state.Fetch.Mirror is null)
        {
            return;
        }

        try
        {
            var keys = await secrets.VerifyingAsync(source, cancellationToken);
            await loader.RestoreAsync(source, state, new AcceptanceKey(judgedBy, keys), cancellationToken);
        }
        catch (Exception e) when (e is GitException or BoundSecretException or KubernetesApiException or HttpRequestException)
        {
            Log.NotRestored(logger, source.Key.Name, e.Message);
        }
    }

    private async Task ConnectAsync(GitSource source, SourceState state, GitUrl url, CancellationToken cancellationToken)
    {
        // Before the Secret is read: without it the mirror can still serve what is in force.
        var remote = new GitRemote(url) { Owner = source.Metadata.Uid ?? source.Key.Name };
        state.Fetch.Mirror ??= mirrors.Of(remote);
        var (credentials, authority) = await secrets.CredentialsAsync(source, url, cancellationToken);
        remote = remote with { Credentials = credentials, CertificateAuthority = authority, Timeout = source.Spec.GitTimeout() };
        if (remote != state.Fetch.Remote)
        {
            state.Fetch.Remote = remote;
            state.Fetch.Mirror = mirrors.Of(remote);
            state.Fetch.Fetched = null;
            state.Fetch.ToKeep = null;
            state.Fetch.Watched = null;
        }

        Watch(source, state, url);
    }

    /// <summary>A repository on this machine tells by itself when the ref moves.</summary>
    private void Watch(GitSource source, SourceState state, GitUrl url)
    {
        var pattern = SourceTargets.PatternOf(source.Spec.Ref ?? new GitReference());
        if (state.Fetch.Watched == pattern || url.LocalPath is not { } path || !Directory.Exists(path))
        {
            return;
        }

        state.Fetch.Watcher?.Dispose();
        state.Fetch.Watcher = LocalRepositoryWatcher.Start(path, pattern, () =>
        {
            state.Fetch.Nudge();
            trigger.Enqueue(source.Key);
        });
        state.Fetch.Watched = state.Fetch.Watcher is null ? null : pattern;
    }

    /// <summary>Everything of the spec and its annotations that the judgement of a revision depends on.</summary>
    private static string JudgedBy(GitSource source) =>
        $"{source.Metadata.Generation} {source.Metadata.Annotation(WellKnown.Annotations.Approve)}";

    private static partial class Log
    {
        [LoggerMessage(4001, LogLevel.Information, "GitSource {Source}: {Revision} is in force; objects: {Objects}")]
        public static partial void InForce(ILogger logger, string source, string revision, int objects);

        [LoggerMessage(4005, LogLevel.Warning, "GitSource {Source}: {Reason}: {Message}")]
        public static partial void Rejected(ILogger logger, string source, string reason, string message);

        [LoggerMessage(4002, LogLevel.Warning, "GitSource {Source}: the mirror is damaged and made anew: {Message}")]
        public static partial void Damaged(ILogger logger, string source, string message);

        [LoggerMessage(4003, LogLevel.Warning, "GitSource {Source}: what was in force before the start cannot be read again yet: {Message}")]
        public static partial void NotRestored(ILogger logger, string source, string message);

        [LoggerMessage(4004, LogLevel.Warning, "GitSource {Source}: {Commit} cannot be kept in the mirror yet: {Message}")]
        public static partial void NotKept(ILogger logger, string source, string commit, string message);
    }
}
