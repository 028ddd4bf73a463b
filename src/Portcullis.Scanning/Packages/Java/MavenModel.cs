using System.Xml;
using Portcullis.Core.Licences;

namespace Portcullis.Scanning.Packages.Java;

/// <summary>What a pom.xml says by itself (maven.apache.org/pom.html): parents are not looked up, since that would take a repository.</summary>
/// <param name="Coordinates">Its coordinates; group and version are those of the parent where it has none of its own.</param>
/// <param name="License">An SPDX licence expression; null when none is known.</param>
internal sealed record MavenModel(MavenCoordinates Coordinates, string? License)
{
    private const int Depth = 5;
    private const int MostLicenses = 16;
    private const int LongestLicense = 512;

    /// <summary>The model. One that is damaged says nothing, as one that leaves everything to its parent.</summary>
    public static MavenModel Read(byte[] bytes, int count)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var licenses = new List<(string? Name, string? Url)>();
        try
        {
            using var reader = XmlFile.Open(new MemoryStream(bytes, 0, count));
            Read(reader, values, licenses);
        }
        catch (XmlException)
        {
            return new(new(null, null, null), null);
        }

        var own = new MavenCoordinates(Value("groupId"), Value("artifactId"), Value("version"));
        var license = MavenLicense.Of(licenses);
        return new(own.Or(new(Value("parent/groupId"), null, Value("parent/version"))), license?.Length <= LongestLicense ? license : null);

        string? Value(string path) => MavenCoordinates.Part(values.GetValueOrDefault(path));
    }

    private static void Read(XmlReader reader, Dictionary<string, string> values, List<(string? Name, string? Url)> licenses)
    {
        var path = new string[Depth];
        while (reader.Read())
        {
            if (reader is { NodeType: XmlNodeType.Element, Depth: < Depth })
            {
                path[reader.Depth] = reader.LocalName;
                if (licenses.Count < MostLicenses && reader.Depth == 2 && string.Join('/', path[1..3]) == "licenses/license")
                {
                    licenses.Add((null, null));
                }
            }
            else if (reader is { NodeType: XmlNodeType.Text, Depth: > 1 and <= Depth })
            {
                Add(string.Join('/', path[1..reader.Depth]), reader.Value, values, licenses);
            }
        }
    }

    private static void Add(string path, string value, Dictionary<string, string> values, List<(string? Name, string? Url)> licenses)
    {
        switch (path)
        {
            case "groupId" or "artifactId" or "version" or "parent/groupId" or "parent/version":
                values[path] = value;
                break;
            case "licenses/license/name" when licenses.Count > 0:
                licenses[^1] = licenses[^1] with { Name = value };
                break;
            case "licenses/license/url" when licenses.Count > 0:
                licenses[^1] = licenses[^1] with { Url = value };
                break;
        }
    }
}
