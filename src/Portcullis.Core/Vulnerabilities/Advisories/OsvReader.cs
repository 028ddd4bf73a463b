using System.Text.Json;
using Portcullis.Objects.Yaml;

namespace Portcullis.Core.Vulnerabilities.Advisories;

/// <summary>
/// Reads advisories of the OSV schema (https://ossf.github.io/osv-schema, versions 1.0 to 1.7). What is not understood of one never makes it narrower: where the affected
/// versions cannot be read all are affected, and an advisory that cannot be read at all is a fault with its reason.
/// </summary>
public static class OsvReader
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 32 };

    public static AdvisoryReading ReadJson(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(WithoutMark(utf8), Options);
            return Read(document.RootElement);
        }
        catch (JsonException e)
        {
            return new AdvisoryReading { Fault = $"it is not JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}" };
        }
    }

    public static AdvisoryReading ReadYaml(ReadOnlyMemory<byte> utf8) =>
        YamlTexts.ToJson(WithoutMark(utf8).Span, out var error) is { } json
            ? ReadJson(json)
            : new AdvisoryReading { Fault = $"it is not YAML: line {error!.Position.Line}: {error.Message}" };

    private static AdvisoryReading Read(JsonElement root)
    {
        var id = OsvJson.Text(root, "id");
        var claims = id is not null && (OsvJson.Member(root, "modified") is not null || OsvJson.Member(root, "schema_version") is not null);
        if (!claims && OsvJson.Member(root, "affected") is null)
        {
            return new AdvisoryReading { Fault = "it is not an advisory: it has neither \"id\" with \"modified\" nor \"affected\"", IsAdvisory = false };
        }

        if (string.IsNullOrWhiteSpace(id))
        {
            return new AdvisoryReading { Fault = "it has no \"id\"" };
        }

        var affected = new OsvAffectedReader();
        if (OsvJson.Member(root, "affected") is { ValueKind: not JsonValueKind.Array } || !affected.TryRead(OsvJson.Items(root, "affected")))
        {
            return new AdvisoryReading { Fault = $"{id}: \"affected\" names no package where it should" };
        }

        return new AdvisoryReading { Advisory = Whole(id, root, affected), Notes = affected.Notes };
    }

    private static Advisory Whole(string id, JsonElement root, OsvAffectedReader affected)
    {
        var withdrawn = OsvJson.Member(root, "withdrawn") is not null;
        return new Advisory
        {
            Details = new AdvisoryDetails
            {
                Id = id,
                Aliases = OsvNames.Aliases(root, id, affected.IsOfDistribution),
                Upstream = OsvNames.Upstream(root, id, affected.IsOfDistribution),
                Summary = OsvNames.Summary(root),
                Rating = withdrawn ? AdvisoryRating.None : OsvRating.Of(root, affected.Notes),
            },
            Modified = OsvJson.Time(root, "modified"),
            Published = OsvJson.Time(root, "published"),
            IsWithdrawn = withdrawn,
            Affected = withdrawn ? [] : affected.Packages(),
        };
    }

    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> utf8) => utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
}
