using Portcullis.Core.Components;

namespace Portcullis.Scanning.Packages.Windows;

/// <summary>What the version resource of a binary says that it is.</summary>
/// <param name="Component">The component.</param>
/// <param name="IsManaged">Whether it is an assembly of .NET.</param>
internal sealed record VersionedBinary(Component Component, bool IsManaged)
{
    private const int MostName = 200;

    /// <summary>
    /// An assembly goes by its own name, which is nearly always that of its NuGet package, and anything else by that of the product that it is part of. Null when it has no name or
    /// no version, and for what only has the texts of an assembly in another language.
    /// </summary>
    public static VersionedBinary? Of(IReadOnlyDictionary<string, string> texts, bool isManaged)
    {
        if (Version(texts, "ProductVersion") is not { } version && (version = Version(texts, "FileVersion")) is null)
        {
            return null;
        }

        if (!isManaged)
        {
            var product = (texts.GetValueOrDefault("ProductName") ?? texts.GetValueOrDefault("InternalName"))?.Replace('/', '-');
            return product is { Length: > 0 and <= MostName } ? new(ComponentUrl.Generic(product, version), false) : null;
        }

        var name = texts.GetValueOrDefault("InternalName") ?? texts.GetValueOrDefault("OriginalFilename") ?? "";
        name = name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name;
        return name is { Length: > 0 and <= MostName } && !name.EndsWith(".resources", StringComparison.OrdinalIgnoreCase)
            ? new(new() { Format = PackageFormat.NuGet, Name = name, Version = version }, true)
            : null;
    }

    // 8.0.10+81cabf2857a01351e5ab578947c7403a5b128ad1, 10.0.19041.1 (WinBuild.160101.0800), 1, 2, 3, 4: the first word, without the commit.
    private static string? Version(IReadOnlyDictionary<string, string> texts, string field)
    {
        var text = texts.GetValueOrDefault(field)?.Replace(", ", ".", StringComparison.Ordinal).Split(' ', '+', '@')[0];
        return text is { Length: > 0 } && char.IsAsciiDigit(text[0]) ? text : null;
    }
}
