using System.Text.Json;
using Portcullis.Core.Components;
using Portcullis.Core.Vulnerabilities.Advisories;

namespace Portcullis.Core.Vulnerabilities.Reports;

/// <summary>The version to go to by CycloneDX, which names the versions that are not affected.</summary>
internal static class CycloneDxFix
{
    public static string? Of(JsonElement affects, Component component) => ReportedFix.Of(string.Join(',', OsvJson.Items(affects, "versions")
        .Where(v => OsvJson.Text(v, "status") == "unaffected").Select(v => OsvJson.Text(v, "version")).OfType<string>().Where(v => v != component.Version)), component);
}
