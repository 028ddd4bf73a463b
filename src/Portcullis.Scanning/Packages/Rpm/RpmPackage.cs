using Portcullis.Core.Components;
using Portcullis.Core.Licences;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Rpm;

/// <summary>A package of an RPM database.</summary>
internal static class RpmPackage
{
    private const int Name = 1000;
    private const int Version = 1001;
    private const int Release = 1002;
    private const int Epoch = 1003;
    private const int License = 1014;
    private const int Architecture = 1022;
    private const int SourcePackage = 1044;
    private const int DirectoryIndexes = 1116;
    private const int BaseNames = 1117;
    private const int Directories = 1118;

    // The keys that packages are signed with are kept as packages.
    private const string Key = "gpg-pubkey";

    /// <summary>The component of a header, and its files; null for what is no package.</summary>
    /// <exception cref="UnreadableFileException">The header is damaged.</exception>
    public static Component? Read(ReadOnlyMemory<byte> blob, FileOwners owners)
    {
        var header = new RpmHeader(blob);
        if (header.Text(Name) is not { Length: > 0 } name || header.Text(Version) is not { } version)
        {
            throw new UnreadableFileException("a package in it has no name or no version");
        }

        if (name == Key)
        {
            return null;
        }

        var epoch = header.Numbers(Epoch) is [var number, ..] && number != 0 ? $"{number}:" : "";
        var full = $"{epoch}{version}-{header.Text(Release)}";
        var (sourceName, sourceVersion) = Source(header.Text(SourcePackage), epoch);
        var component = new Component
        {
            Format = PackageFormat.Rpm,
            Name = name,
            Version = full,
            SourceName = sourceName == name ? null : sourceName,
            SourceVersion = sourceVersion == full ? null : sourceVersion,
            Architecture = header.Text(Architecture),
            License = DeclaredLicense.OfRpm(header.Text(License)),
        };
        AddFiles(header, new() { Component = component, IsOfDistribution = true }, owners);
        return component;
    }

    // NAME-VERSION-RELEASE.src.rpm. It does not say the epoch, which a source and what is built from it nearly always share.
    private static (string? Name, string? Version) Source(string? file, string epoch)
    {
        var end = file?.LastIndexOf(".src.rpm", StringComparison.Ordinal) is >= 0 and var src ? src : file?.LastIndexOf(".nosrc.rpm", StringComparison.Ordinal) ?? -1;
        var parts = end > 0 ? file![..end].Split('-') : [];
        return parts.Length < 3 ? (null, null) : (string.Join('-', parts[..^2]), $"{epoch}{parts[^2]}-{parts[^1]}");
    }

    private static void AddFiles(RpmHeader header, PackageOwner owner, FileOwners owners)
    {
        var directories = header.Texts(Directories).ToList();
        var indexes = header.Numbers(DirectoryIndexes);
        foreach (var (name, index) in header.Texts(BaseNames).Zip(indexes))
        {
            if (index >= 0 && index < directories.Count)
            {
                owners.Add(directories[index] + name, owner);
            }
        }
    }
}
