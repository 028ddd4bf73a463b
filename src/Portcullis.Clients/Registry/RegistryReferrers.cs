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

    /// <summary>Null when the registry keeps no list.</summary>
    private async Task<List<ImageDescriptor>?> FromListAsync(string repository, string digest, string? artifactType, CancellationToken cancellationToken)
    {
        var time = _transport.Sender.Time;
        if (Volatile.Read(ref _askedInVain) is not 0 and var asked && time.GetElapsedTime(asked) < Remembered)
        {
            return null;
        }

        List<ImageDescriptor>? all = null;
        var pages = new RegistryPages(_transport);
        var path = RegistryPaths.Referrers(repository, digest, artifactType);
        await foreach (var page in pages.ReadAsync(path, RegistryAccess.Pull(repository), cancellationToken))
        {
            (all ??= []).AddRange(ManifestView.Read(RegistryMediaTypes.OciIndex, page).Manifests);
        }

        Volatile.Write(ref _askedInVain, pages.IsUnknown ? time.GetTimestamp() : 0);
        return all;
    }

    private async Task<IReadOnlyList<ImageDescriptor>> FromTagAsync(string repository, string digest, CancellationToken cancellationToken) =>
        await _manifests.GetAsync(repository, FallbackTag(digest), cancellationToken) is { } list && list.View() is { IsIndex: true } view ? view.Manifests : [];
}
