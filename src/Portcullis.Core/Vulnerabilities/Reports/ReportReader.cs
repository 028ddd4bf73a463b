using System.Text.Json;
using Portcullis.Core.Vulnerabilities.Advisories;

namespace Portcullis.Core.Vulnerabilities.Reports;

/// <summary>Tells the formats of reports apart.</summary>
internal static class ReportReader
{
    private const string TrivySchema = "2";

    public static ExternalReport? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return OsvJson.Text(root, "bomFormat") == "CycloneDX" && OsvJson.Text(root, "specVersion") is "1.4" or "1.5" or "1.6" ? new CycloneDxFindings(root).Read() :
                OsvJson.Text(root, "SchemaVersion") == TrivySchema && OsvJson.Member(root, "ArtifactName") is not null ? new TrivyReport(root).Read() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
