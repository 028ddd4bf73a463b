namespace Portcullis.Clients.Registry.Copying;

/// <summary>
/// One copy under way. What a manifest names is in the target before the manifest is, so that a copy that breaks off leaves nothing that cannot be
/// pulled: children, their blobs, referrers, and the caller's tag last. How deep and how wide it may go is bounded.
/// </summary>
internal sealed class CopyRun(RegistryClient registry, CopyRequest request, IManifestWriter tags)
{
    private const int DeepestNesting = 8;
    private const int MostManifests = 1000;
    private readonly CopyTally _tally = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private BlobCopy? _blobs;

    private BlobCopy Blobs => _blobs ??= new BlobCopy(registry, request.SourceRepository, request.TargetRepository, _tally);

    private bool WithinRepository => request.SourceRepository == request.TargetRepository;

    public async Task<CopyOutcome> CopyAsync(RegistryManifest image, CancellationToken cancellationToken)
    {
        await CopyBelowAsync(image, 0, cancellationToken);
        await tags.PutAsync(request.TargetRepository, request.TargetTag, image, cancellationToken);
        _tally.Manifest();
        return _tally.Outcome(image.Digest);
    }

    public async Task<CopyOutcome> CopyReferrersAsync(string subject, Func<ImageDescriptor, bool>? isCarried, CancellationToken cancellationToken)
    {
        await CopyReferrersAsync(subject, 0, isCarried, cancellationToken);
        return _tally.Outcome(subject);
    }

    /// <summary>Everything that a manifest names or that is attached to it, but not itself.</summary>
    private async Task CopyBelowAsync(RegistryManifest manifest, int depth, CancellationToken cancellationToken)
    {
        Enter(manifest, depth);
        if (WithinRepository)
        {
            return;
        }

        var view = manifest.View();
        foreach (var child in view.Manifests.Where(m => RegistryMediaTypes.IsManifest(m.MediaType) && !_seen.Contains(m.Digest)))
        {
            var found = await GetAsync(child, cancellationToken);
            await CopyBelowAsync(found, depth + 1, cancellationToken);
            await registry.Manifests.PutAsync(request.TargetRepository, child.Digest, found, cancellationToken);
            _tally.Manifest();
        }

        // An index of a build's cache lists layers where others list manifests.
        await Blobs.CopyAsync([.. view.Blobs, .. view.Manifests.Where(m => !RegistryMediaTypes.IsManifest(m.MediaType))], cancellationToken);
        if (request.WithReferrers)
        {
            await CopyReferrersAsync(manifest.Digest, depth, null, cancellationToken);
        }
    }

    private async Task CopyReferrersAsync(string subject, int depth, Func<ImageDescriptor, bool>? isCarried, CancellationToken cancellationToken)
    {
        var referrers = await registry.Referrers.ListAsync(request.SourceRepository, subject, null, cancellationToken);
        foreach (var referrer in referrers.Where(r => !_seen.Contains(r.Digest) && isCarried?.Invoke(r) != false))
        {
            var found = await GetAsync(referrer, cancellationToken);
            if (found.View().Subject?.Digest != subject)
            {
                throw new RegistryException(RegistryFailure.Damaged, $"{found.Digest} is listed as a referrer of {subject}, and is about something else");
            }

            await CopyBelowAsync(found, depth + 1, cancellationToken);
            await registry.Referrers.AttachAsync(request.TargetRepository, found, tags, cancellationToken);
            _tally.Referrer();
        }
    }

    private async Task<RegistryManifest> GetAsync(ImageDescriptor descriptor, CancellationToken cancellationToken)
    {
        var manifest = await registry.Manifests.GetAsync(request.SourceRepository, descriptor.Digest, cancellationToken)
            ?? throw new RegistryException(RegistryFailure.NotFound, $"{request.SourceRepository} has no manifest {descriptor.Digest}, which is listed there");
        return manifest.Bytes.Length == descriptor.Size
            ? manifest
            : throw new RegistryException(RegistryFailure.Damaged, $"the manifest {descriptor.Digest} has {manifest.Bytes.Length} bytes, and is listed with {descriptor.Size}");
    }

    private void Enter(RegistryManifest manifest, int depth)
    {
        _seen.Add(manifest.Digest);
        if (depth > DeepestNesting || _seen.Count > MostManifests)
        {
            throw new RegistryException(
                RegistryFailure.TooDeep,
                $"{request.SourceRepository}@{manifest.Digest}: the image is nested deeper than {DeepestNesting} or has more than {MostManifests} manifests");
        }
    }
}
