using Portcullis.Clients.Registry.Authorization;
using Portcullis.Clients.Registry.Wire;

namespace Portcullis.Clients.Registry;

/// <summary>
/// What is attached to a manifest (signatures, reports): the registry's own list where it keeps one, else the list under the fallback tag (OCI
/// distribution 1.1, listing referrers).
/// </summary>
public sealed class RegistryReferrers
{
    /// <summary>So long it is remembered that the registry keeps no list: until then one that was replaced by another is not noticed.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private readonly RegistryTransport _transport;
    private readonly RegistryManifests _manifests;
    private readonly Lock _gate = new();

    /// <summary>Whoever asks before it is known whether the registry keeps lists; null before anybody did.</summary>
    private Task? _first;

    private volatile bool _keepsLists;
    private long _askedInVain;

    internal RegistryReferrers(RegistryTransport transport, RegistryManifests manifests)
    {
        _transport = transport;
        _manifests = manifests;
    }

    /// <summary>The tag under which a registry without a list of its own keeps a manifest's.</summary>
    public static string FallbackTag(string digest) => RegistryPaths.FallbackTag(digest);

    /// <summary>All of a manifest's referrers; empty when there are none, also when the manifest is not there.</summary>
    /// <param name="repository">Without the registry's host.</param>
    /// <param name="digest">Of the manifest they are about.</param>
    /// <param name="artifactType">Only those of this type; null for all.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<ImageDescriptor>> ListAsync(string repository, string digest, string? artifactType, CancellationToken cancellationToken)
    {
        var all = await FromListAsync(repository, digest, artifactType, cancellationToken) ?? await FromTagAsync(repository, digest, cancellationToken);
        return [.. all.Where(d => artifactType is null || d.ArtifactType == artifactType).DistinctBy(d => d.Digest, StringComparer.Ordinal)];
    }

    /// <summary>
    /// Stores a manifest that has a subject, and enters it in the list under the fallback tag where the registry keeps no list. The list is read and
    /// written: whoever else may write it at the same time is kept away by the caller.
    /// </summary>
    /// <param name="repository">Without the registry's host.</param>
    /// <param name="referrer">Written by its digest.</param>
    /// <param name="tags">Writes the fallback tag; null for the registry itself.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task AttachAsync(string repository, RegistryManifest referrer, IManifestWriter? tags, CancellationToken cancellationToken)
    {
        var subject = referrer.View().Subject?.Digest
            ?? throw new RegistryException(RegistryFailure.Invalid, $"the manifest {referrer.Digest} has no subject to attach it to");
        var receipt = await _manifests.PutAsync(repository, referrer.Digest, referrer, cancellationToken);
        if (receipt.Subject == subject)
        {
            return;
        }

        var tag = FallbackTag(subject);
        var present = tags is { AddsToLists: true } ? null : await _manifests.GetAsync(repository, tag, cancellationToken);
        if (ReferrersIndex.With(present, referrer) is { } list)
        {
            await (tags ?? _manifests).PutAsync(repository, tag, list, cancellationToken);
        }
    }

    /// <summary>Null when the registry keeps no list. Until it is known whether it does, one asks and the others wait for what comes of it.</summary>
    private async Task<List<ImageDescriptor>?> FromListAsync(string repository, string digest, string? artifactType, CancellationToken cancellationToken)
    {
        if (KeepsNone())
        {
            return null;
        }

        if (_keepsLists)
        {
            return await AskAsync(repository, digest, artifactType, cancellationToken);
        }

        TaskCompletionSource? mine = null;
        Task asking;
        lock (_gate)
        {
            asking = _first is { IsCompleted: false } others ? others : _first = (mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        if (mine is null)
        {
            await asking.WaitAsync(cancellationToken);
            return KeepsNone() ? null : await AskAsync(repository, digest, artifactType, cancellationToken);
        }

        try
        {
            return await AskAsync(repository, digest, artifactType, cancellationToken);
        }
        finally
        {
            mine.SetResult();
        }
    }

    private bool KeepsNone() => Volatile.Read(ref _askedInVain) is not 0 and var asked && _transport.Sender.Time.GetElapsedTime(asked) < Remembered;

    private async Task<List<ImageDescriptor>?> AskAsync(string repository, string digest, string? artifactType, CancellationToken cancellationToken)
    {
        List<ImageDescriptor>? all = null;
        var pages = new RegistryPages(_transport);
        var path = RegistryPaths.Referrers(repository, digest, artifactType);
        await foreach (var page in pages.ReadAsync(path, RegistryAccess.Pull(repository), cancellationToken))
        {
            (all ??= []).AddRange(ManifestView.Read(RegistryMediaTypes.OciIndex, page).Manifests);
        }

        _keepsLists = all is not null;
        Volatile.Write(ref _askedInVain, pages.IsUnknown ? _transport.Sender.Time.GetTimestamp() : 0);
        return all;
    }

    private async Task<IReadOnlyList<ImageDescriptor>> FromTagAsync(string repository, string digest, CancellationToken cancellationToken) =>
        await _manifests.GetAsync(repository, FallbackTag(digest), cancellationToken) is { } list && list.View() is { IsIndex: true } view ? view.Manifests : [];
}
