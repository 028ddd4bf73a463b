namespace Portcullis.Clients.Registry.Copying;

/// <summary>Counts what a copy does, from several tasks at once.</summary>
internal sealed class CopyTally
{
    private int _manifests;
    private int _referrers;
    private int _mounted;
    private int _uploaded;
    private long _uploadedBytes;

    public void Manifest() => Interlocked.Increment(ref _manifests);

    public void Referrer() => Interlocked.Increment(ref _referrers);

    public void Mounted() => Interlocked.Increment(ref _mounted);

    public void Uploaded(long bytes)
    {
        Interlocked.Increment(ref _uploaded);
        Interlocked.Add(ref _uploadedBytes, bytes);
    }

    public CopyOutcome Outcome(string digest) => new()
    {
        Digest = digest, Manifests = _manifests, Referrers = _referrers, Mounted = _mounted, Uploaded = _uploaded, UploadedBytes = _uploadedBytes,
    };
}
