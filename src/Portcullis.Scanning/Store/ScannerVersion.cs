namespace Portcullis.Scanning.Store;

/// <summary>The version of what reads layers. It is raised whenever a layer would be read differently, so that what an older one stored or attached is read again.</summary>
public static class ScannerVersion
{
    public const string Current = "2";
}
