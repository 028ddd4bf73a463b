using System.Text.RegularExpressions;

namespace Portcullis.Core;

/// <summary>What Kubernetes lets objects be named.</summary>
public static partial class ObjectNames
{
    /// <summary>The most characters that the value of a label may have.</summary>
    public const int LongestLabelValue = 63;

    /// <summary>A DNS label, as namespaces are named.</summary>
    public static bool IsLabel(string name) => Label().IsMatch(name);

    /// <summary>A DNS subdomain, as custom resources and most other objects are named.</summary>
    public static bool IsSubdomain(string name) => name.Length is > 0 and <= 253 && Subdomain().IsMatch(name);

    /// <summary>The key of a label or annotation: a name, or a DNS subdomain, a slash and a name.</summary>
    public static bool IsLabelKey(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return (slash < 0 || IsSubdomain(key[..slash])) && QualifiedName().IsMatch(key[(slash + 1)..]);
    }

    public static bool IsLabelValue(string value) => value.Length == 0 || QualifiedName().IsMatch(value);

    [GeneratedRegex(@"^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Label();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Subdomain();
}
