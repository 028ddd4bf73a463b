using Portcullis.Core.Components;

namespace Portcullis.Scanning.Packages.Npm;

/// <summary>Components of npm, and the ways in which lock files write names.</summary>
internal static class NpmNames
{
    public static Component Component(string name, string version, string? license = null) =>
        new() { Format = PackageFormat.Npm, Name = name, Version = version, License = license };

    /// <summary>The name in NAME@RANGE or @SCOPE/NAME@RANGE, and the range.</summary>
    public static (string Name, string Range) Split(string text) =>
        text.IndexOf('@', Math.Min(1, text.Length)) is > 0 and var at ? (text[..at], text[(at + 1)..]) : (text, "");

    /// <summary>The version as it is said, or none when it is a place to get the package from.</summary>
    public static string Version(string version) => version.Contains(':', StringComparison.Ordinal) || version.Contains('/', StringComparison.Ordinal) ? "" : version;
}
