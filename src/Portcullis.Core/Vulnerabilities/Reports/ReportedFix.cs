using Portcullis.Core.Components;
using Portcullis.Core.Versions;

namespace Portcullis.Core.Vulnerabilities.Reports;

/// <summary>The version to go to, of those that a report says are free of a vulnerability.</summary>
internal static class ReportedFix
{
    /// <summary>The lowest above the component's, else the first; null when there is none.</summary>
    public static string? Of(string? versions, Component component)
    {
        var named = (versions ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var order = VersionOrders.Of(component.Format);
        order.TryKey(component.Version, out var present);
        var above = named.Select(v => (Version: v, Is: order.TryKey(v, out var key), Key: key)).Where(v => v.Is && v.Key > present).ToList();
        return above.Count > 0 ? above.MinBy(v => v.Key).Version : named.FirstOrDefault();
    }
}
