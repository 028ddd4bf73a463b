using System.Xml;
using Portcullis.Core.Components;
using Portcullis.Core.Licences;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.NuGet;

/// <summary>
/// The .nuspec of a package in a folder of packages, ID/VERSION/ID.nuspec in lower case (NuGet documentation, "The global packages folder"), with the licence that no
/// deps.json states. One elsewhere says of what a package is to be made, and is not read.
/// </summary>
internal sealed class NuGetManifest : IPackageReader
{
    private const string Extension = ".nuspec";

    public bool NamesComponents => true;

    public bool Reads(ReadOnlySpan<char> path) => path.EndsWith(Extension, StringComparison.Ordinal) && !Version(path).IsEmpty;

    public IReadOnlyList<Component> Read(PackageSource source)
    {
        var said = Metadata(source.Content);
        if (said.GetValueOrDefault("id") is not { Length: > 0 } name)
        {
            throw new UnreadableFileException("it names no package");
        }

        // The folder has the normalised version, as a deps.json does, but in lower case.
        var (version, folder) = (said.GetValueOrDefault("version"), Version(source.Path).ToString());
        return
        [
            new()
            {
                Format = PackageFormat.NuGet,
                Name = name,
                Version = folder.Equals(version, StringComparison.OrdinalIgnoreCase) ? version : folder,
                License = NuGetLicense.Of(said.GetValueOrDefault("license"), said.GetValueOrDefault("licenseUrl")),
            },
        ];
    }

    /// <summary>The elements of interest in the element metadata, without the name of a licence's file.</summary>
    private static Dictionary<string, string> Metadata(ReadOnlyMemory<byte> content)
    {
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var reader = XmlFile.Open(new MemoryStream(content.ToArray(), writable: false));
            reader.MoveToContent();
            reader.ReadStartElement("package");
            reader.MoveToContent();
            reader.ReadStartElement("metadata");
            while (reader.MoveToContent() == XmlNodeType.Element)
            {
                if (reader.LocalName is "id" or "version" or "licenseUrl" || (reader.LocalName == "license" && reader.GetAttribute("type") == "expression"))
                {
                    said[reader.LocalName] = reader.ReadElementContentAsString().Trim();
                }
                else
                {
                    reader.Skip();
                }
            }
        }
        catch (XmlException exception)
        {
            throw new UnreadableFileException($"it is no manifest of NuGet: {exception.Message}");
        }

        return said;
    }

    // Empty where the file is not in the folder of a package of its name.
    private static ReadOnlySpan<char> Version(ReadOnlySpan<char> path)
    {
        var file = path.LastIndexOf('/') + 1;
        var version = file == 0 ? 0 : path[..(file - 1)].LastIndexOf('/') + 1;
        var id = version == 0 ? 0 : path[..(version - 1)].LastIndexOf('/') + 1;
        return version > 0 && path[id..(version - 1)].SequenceEqual(path[file..^Extension.Length]) ? path[version..(file - 1)] : [];
    }
}
