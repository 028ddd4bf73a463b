using System.Globalization;

namespace Portcullis.Kubernetes.Stores;

/// <summary>Which of two versions is the older one: those of one kind compare as numbers (KEP-5504).</summary>
internal static class ResourceVersions
{
    /// <summary>Less than zero when the first is older; null when one of them is not a number, so that they have no order.</summary>
    public static int? Compare(string? first, string? second) =>
        ulong.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var left)
        && ulong.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var right)
            ? left.CompareTo(right)
            : null;
}
