using System.Buffers;
using System.Text.Json;
using Portcullis.Core.Components;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Npm;

/// <summary>
/// The package.json files that a package manager keeps in a store of its own, and hard links into node_modules: pnpm and Yarn name them by a hash, Bun keeps their name. An archive
/// has the content where it has the file first, which may be the store.
/// </summary>
internal static class LinkedManifest
{
    /// <summary>Bytes. The largest manifests have some hundred thousand.</summary>
    public const int MaxBytes = 1 << 20;

    private const int LeastDigits = 30;

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    /// <summary>Whether a file may be such a manifest, by its name and its first byte.</summary>
    public static bool MayBe(ReadOnlySpan<char> path, ReadOnlySpan<byte> first)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return first.StartsWith("{"u8) && (name is "package.json" || (name.Length >= LeastDigits && !name[..LeastDigits].ContainsAnyExcept(Hexadecimal)));
    }

    /// <summary>The package that the manifest is of; null when it is none, or does not name it.</summary>
    public static Component? Read(ReadOnlySpan<byte> content)
    {
        var manifest = new NpmManifest();
        try
        {
            JsonFile.Read(content, (ref Utf8JsonReader reader) =>
            {
                JsonFile.Properties(ref reader, manifest.Read);
                return true;
            });
        }
        catch (UnreadableFileException)
        {
            return null;
        }

        return string.IsNullOrEmpty(manifest.Name) ? null : NpmNames.Component(manifest.Name, manifest.Version ?? "", manifest.License);
    }
}
