using System.Globalization;
using System.Text.RegularExpressions;

namespace Portcullis.ApiServer.Discovery;

/// <summary>Kubernetes' order of API versions, best first: v2, v1, v2beta1, v1beta1, v1alpha1, anything else by name.</summary>
internal sealed partial class VersionOrder : IComparer<string>
{
    public static readonly VersionOrder Instance = new();

    public int Compare(string? x, string? y)
    {
        var left = Rank(x ?? "");
        var right = Rank(y ?? "");
        return left is null || right is null
            ? left is null && right is null ? string.CompareOrdinal(x, y) : left is null ? 1 : -1
            : right.Value.CompareTo(left.Value);
    }

    private static (int Stability, int Major, int Minor)? Rank(string version)
    {
        var match = Pattern().Match(version);
        if (!match.Success)
        {
            return null;
        }

        var stability = match.Groups[2].Value switch { "" => 2, "beta" => 1, _ => 0 };
        var minor = match.Groups[3].Value is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
        return (stability, int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), minor);
    }

    [GeneratedRegex(@"\Av(\d{1,6})(?:(alpha|beta)(\d{1,6}))?\z")]
    private static partial Regex Pattern();
}
