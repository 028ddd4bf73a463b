namespace Portcullis.Core.Scans;

/// <summary>One thing to do so that a repository has an ImageScan for each of its images, and for no other.</summary>
public abstract record ScanAction(string Digest) : PlannedAction
{
    public override string Id => $"image {Digest}";

    /// <summary>Ask for the scan of an image.</summary>
    public sealed record Ask(string Digest) : ScanAction(Digest)
    {
        public override string Describe() => $"scan {Digest}";
    }

    /// <summary>Remove the scan of an image that no tag leads to any more.</summary>
    public sealed record Forget(string Digest, ObjectKey Scan) : ScanAction(Digest)
    {
        public override string Describe() => $"remove the scan of {Digest}, which no tag names any more";
    }
}
