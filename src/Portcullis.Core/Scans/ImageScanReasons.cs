namespace Portcullis.Core.Scans;

/// <summary>The reasons of conditions and Events of an ImageScan.</summary>
public static class ImageScanReasons
{
    public const string NoDatabase = "NoVulnerabilityDatabase";
    public const string ImagesNotScanned = "ImagesNotScanned";
    public const string ScanFailed = "ScanFailed";
    public const string Incomplete = "Incomplete";
    public const string NotAnImage = "NotAnImage";
    public const string NotDeclared = "NotDeclared";
    public const string ResultChanged = "ResultChanged";
}
