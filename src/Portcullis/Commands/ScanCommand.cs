using System.CommandLine;

namespace Portcullis.Commands;

/// <summary><c>portcullis scan</c>: what is in images, and with which known vulnerabilities.</summary>
internal static class ScanCommand
{
    public static Command Create() =>
        ScanImageCommand.AddTo(new("scan", "Show what is in an image: components, licences, vulnerabilities; keep the database of advisories.") { ScanDatabaseCommand.Create(), ScanRematchCommand.Create() });
}
