namespace Portcullis.Core.Scans;

/// <summary>How much the status of an ImageScan lists: the whole is attached to the image.</summary>
internal static class ImageScanBounds
{
    public const int Licenses = 50;
    public const int Findings = 20;
    public const int Problems = 20;
    public const int Reports = 20;
}
