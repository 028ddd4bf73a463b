using System.Text;
using Portcullis.Core.Components;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Python;

/// <summary>The list of a Python distribution's files, RECORD of its dist-info (PEP 376): a path in the folder above, a hash and a size a line.</summary>
internal sealed class PythonRecord : IPackageReader
{
    public bool NamesComponents => false;

    public bool Reads(ReadOnlySpan<char> path) => path.EndsWith(".dist-info/RECORD", StringComparison.Ordinal);

    public IReadOnlyList<Component> Read(PackageSource source)
    {
        var owner = source.Owners.Of(KeyOf(source.Directory), isOfDistribution: false);
        var above = source.Directory[..(source.Directory.TrimEnd('/').LastIndexOf('/') + 1)];
        foreach (var line in new TextLines(source.Content.Span))
        {
            // Files of Python itself are many, and are never looked for by their content.
            var path = line.IndexOf((byte)',') is >= 0 and var comma ? line[..comma] : line;
            if (!path.EndsWith(".py"u8) && !path.EndsWith(".pyc"u8) && EntryPath.Of(above + Encoding.UTF8.GetString(path.Trim((byte)'"'))) is { } file)
            {
                source.Owners.Add(file, owner);
            }
        }

        return [];
    }

    /// <summary>By what the metadata and the list of files of one distribution know each other: their folder.</summary>
    public static string KeyOf(string directory) => "python " + directory;
}
