using System.Text;
using Portcullis.Objects.Json;

namespace Portcullis.Sources.Fetch;

/// <summary>The commit that last changed an object, its author, and the object's line in that commit.</summary>
internal sealed record ObjectStamp(string Commit, string Author, string Path)
{
    public string Checksum => CanonicalJson.Digest(Encoding.UTF8.GetBytes($"{Commit}\n{Author}\n{Path}"))[..8];
}
