using System.Text.Json;
using Portcullis.Core.Vulnerabilities.Advisories;

namespace Portcullis.Core.Vulnerabilities.Reports;

/// <summary>The CVSS vector of a rating of CycloneDX, which some tools write without the version that its method names.</summary>
internal static class CycloneDxVector
{
    public static string? Of(JsonElement rating)
    {
        var vector = OsvJson.Text(rating, "vector");
        var prefix = OsvJson.Text(rating, "method") switch { "CVSSv3" => "CVSS:3.0/", "CVSSv31" => "CVSS:3.1/", "CVSSv4" => "CVSS:4.0/", _ => "" };
        return vector is null || vector.StartsWith("CVSS:", StringComparison.Ordinal) ? vector : prefix + vector;
    }
}
