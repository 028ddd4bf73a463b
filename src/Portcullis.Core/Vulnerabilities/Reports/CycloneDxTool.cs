using System.Text.Json;
using Portcullis.Core.Vulnerabilities.Advisories;

namespace Portcullis.Core.Vulnerabilities.Reports;

/// <summary>The tool that made a CycloneDX document: of its list, which since 1.5 may be components.</summary>
internal static class CycloneDxTool
{
    public static string Of(JsonElement metadata)
    {
        var tools = OsvJson.Items(metadata, "tools").Concat(OsvJson.Member(metadata, "tools") is { } list ? OsvJson.Items(list, "components") : []).ToList();
        return tools.Count == 0 || OsvJson.Text(tools[0], "name") is not { } name ? "CycloneDX" : $"{name} {OsvJson.Text(tools[0], "version")}".TrimEnd();
    }
}
