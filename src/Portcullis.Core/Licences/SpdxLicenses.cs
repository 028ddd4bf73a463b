using System.Collections.Frozen;

namespace Portcullis.Core.Licences;

/// <summary>The identifiers of the SPDX licence list, in the case in which it writes them.</summary>
public static class SpdxLicenses
{
    private const string Separator = "exceptions";

    /// <summary>Identifiers of former versions of the list that mean the same as another; those of the GNU licences are made of their parts.</summary>
    private static readonly FrozenDictionary<string, string> Replaced = new Dictionary<string, string>
    {
        ["BSD-2-Clause-FreeBSD"] = "BSD-2-Clause",
        ["BSD-2-Clause-NetBSD"] = "BSD-2-Clause",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly Lazy<(FrozenDictionary<string, string> Licenses, FrozenDictionary<string, string> Exceptions)> Lists = new(Load);

    /// <summary>All of them, in ordinal order.</summary>
    internal static IEnumerable<string> All => Lists.Value.Licenses.Values.Order(StringComparer.Ordinal);

    /// <summary>
    /// The identifier as the list writes it now, whatever the case of its letters; null for what is not on the list. GPL-2.0 is GPL-2.0-only, GPL-2.0+ is
    /// GPL-2.0-or-later.
    /// </summary>
    public static string? Canonical(string identifier)
    {
        if (Lists.Value.Licenses.GetValueOrDefault(identifier) is { } found)
        {
            return found;
        }

        var withoutPlus = identifier.TrimEnd('+');
        return Replaced.GetValueOrDefault(identifier)
            ?? Lists.Value.Licenses.GetValueOrDefault(withoutPlus + (withoutPlus.Length < identifier.Length ? "-or-later" : "-only"));
    }

    /// <summary>The identifier of an exception as the list writes it; null for what is not on the list.</summary>
    public static string? CanonicalException(string identifier) => Lists.Value.Exceptions.GetValueOrDefault(identifier);

    private static (FrozenDictionary<string, string> Licenses, FrozenDictionary<string, string> Exceptions) Load()
    {
        using var reader = new StreamReader(typeof(SpdxLicenses).Assembly.GetManifestResourceStream("spdx-licenses")!);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#').ToList();
        var middle = lines.IndexOf(Separator);
        return (ByName(lines.Take(middle)), ByName(lines.Skip(middle + 1)));
    }

    private static FrozenDictionary<string, string> ByName(IEnumerable<string> names) => names.ToFrozenDictionary(n => n, StringComparer.OrdinalIgnoreCase);
}
