using System.Text;

namespace Portcullis.Core.Components;

/// <summary>A package URL (purl specification, ECMA-427): <c>pkg:type/namespace/name@version?qualifiers#subpath</c>.</summary>
public sealed record PackageUrl
{
    /// <summary>The kind of package, in lower case: deb, npm, oci.</summary>
    public required string Type { get; init; }

    /// <summary>What stands before the name, with slashes between its segments; empty when there is nothing.</summary>
    public string Namespace { get; init; } = "";

    public required string Name { get; init; }

    /// <summary>Empty when it stands for all versions.</summary>
    public string Version { get; init; } = "";

    /// <summary>In ordinal order of the keys, which are in lower case; none has an empty value.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Qualifiers { get; init; } = [];

    /// <summary>A path in the package, without slashes around it; empty when there is none.</summary>
    public string Subpath { get; init; } = "";

    /// <summary>A qualifier's value; null when there is none.</summary>
    public string? Qualifier(string key) => Qualifiers.Where(q => q.Key == key).Select(q => q.Value).FirstOrDefault();

    /// <summary>The package URL, normalised as its type asks; null when the text is none.</summary>
    public static PackageUrl? Parse(string text) => PackageUrlReader.Read(text);

    /// <summary>The canonical form.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("pkg:").Append(Type).Append('/');
        if (Namespace.Length > 0)
        {
            text.AppendJoin('/', Namespace.Split('/').Select(PercentCode.Encode)).Append('/');
        }

        text.Append(PercentCode.Encode(Name));
        if (Version.Length > 0)
        {
            text.Append('@').Append(PercentCode.Encode(Version));
        }

        if (Qualifiers.Count > 0)
        {
            text.Append('?').AppendJoin('&', Qualifiers.Select(q => $"{q.Key}={PercentCode.Encode(q.Value)}"));
        }

        return Subpath.Length == 0 ? text.ToString() : text.Append('#').AppendJoin('/', Subpath.Split('/').Select(PercentCode.Encode)).ToString();
    }
}
