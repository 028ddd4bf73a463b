using System.Buffers;

namespace Portcullis.Scanning.Packages.Go;

/// <summary>Versions of the Go distribution as advisories write them.</summary>
internal static class GoVersions
{
    private static readonly SearchValues<char> OfVersions = SearchValues.Create(".0123456789abcdefghijklmnopqrstuvwxyz");

    /// <summary>
    /// go1.21.3 as 1.21.3, go1.22rc1 as 1.22.0-rc.1, without what a vendor or experiments add (`go1.20.4 X:boringcrypto`, `go1.19.8-custom`); empty
    /// for one built from a checkout.
    /// </summary>
    public static string OfStandardLibrary(string goVersion)
    {
        if (!goVersion.StartsWith("go1", StringComparison.Ordinal))
        {
            return "";
        }

        var version = goVersion.AsSpan(2);
        var end = version.IndexOfAnyExcept(OfVersions);
        version = end < 0 ? version : version[..end];
        var letters = version.IndexOfAnyInRange('a', 'z');
        var numbers = letters < 0 ? version : version[..letters];
        var full = numbers.Count('.') == 1 ? $"{numbers}.0" : numbers.ToString();
        return letters < 0 ? full : Before(full, version[letters..]);
    }

    private static string Before(string version, ReadOnlySpan<char> suffix)
    {
        var number = suffix.IndexOfAnyInRange('0', '9');
        return number < 0 ? version : $"{version}-{suffix[..number]}.{suffix[number..]}";
    }
}
