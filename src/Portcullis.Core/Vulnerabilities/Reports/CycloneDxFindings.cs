using System.Text.Json;
using Portcullis.Core.Components;
using Portcullis.Core.Vulnerabilities.Advisories;

namespace Portcullis.Core.Vulnerabilities.Reports;

/// <summary>Reads a CycloneDX document (cyclonedx.org, 1.4 to 1.6) with its vulnerabilities.</summary>
internal sealed class CycloneDxFindings(JsonElement root)
{
    private readonly Dictionary<string, Component> _byReference = new(StringComparer.Ordinal);
    private readonly List<Component> _components = [];
    private readonly List<Finding> _findings = [];
    private readonly List<string> _problems = [];

    public ExternalReport Read()
    {
        var metadata = OsvJson.Member(root, "metadata") ?? default;
        var subject = OsvJson.Member(metadata, "component") ?? default;
        AddReference(subject);
        AddComponents(subject);
        AddComponents(root);
        foreach (var vulnerability in OsvJson.Items(root, "vulnerabilities"))
        {
            ReadVulnerability(vulnerability);
        }

        var time = OsvJson.Time(metadata, "timestamp");
        return new ExternalReport
        {
            Tool = CycloneDxTool.Of(metadata),
            Time = time == DateTimeOffset.MinValue ? null : time,
            Digests = [.. DigestsOf(subject)],
            Components = [.. _components.Distinct()],
            Findings = _findings,
            Problems = _problems,
        };
    }

    /// <summary>The image, when the document is about one: by its package URL or its version.</summary>
    private static IEnumerable<string> DigestsOf(JsonElement subject) =>
        new[] { OsvJson.Text(subject, "purl") is { } url ? PackageUrl.Parse(url)?.Version : null, OsvJson.Text(subject, "version") }
            .OfType<string>().Where(ImageDigest.IsLegal).Distinct(StringComparer.Ordinal);

    /// <summary>Components, and those in them, as deep as a JSON text may be nested.</summary>
    private void AddComponents(JsonElement owner)
    {
        foreach (var item in OsvJson.Items(owner, "components"))
        {
            if (AddReference(item) is { } component)
            {
                _components.Add(component);
            }

            AddComponents(item);
        }
    }

    /// <summary>Vulnerabilities refer to a component by this, also to the image as a whole.</summary>
    private Component? AddReference(JsonElement item)
    {
        if (ComponentOf(item) is not { } component)
        {
            return null;
        }

        if ((OsvJson.Text(item, "bom-ref") ?? OsvJson.Text(item, "purl")) is { } reference)
        {
            _ = _byReference.TryAdd(reference, component);
        }

        return component;
    }

    /// <summary>By its package URL, else by its name: a file or a framework, too, may have vulnerabilities. Null when it has neither.</summary>
    private static Component? ComponentOf(JsonElement item)
    {
        var component = OsvJson.Text(item, "purl") is { } text && PackageUrl.Parse(text) is { } url ? ComponentUrl.Component(url) :
            OsvJson.Text(item, "name") is { Length: > 0 } name ? ComponentUrl.Generic(name, OsvJson.Text(item, "version") ?? "") : null;
        return component is null ? null : component with { License = CycloneDxLicense.Of(item) };
    }

    private void ReadVulnerability(JsonElement item)
    {
        var id = OsvJson.Text(item, "id") ?? "";
        var vulnerability = VulnerabilityOf(item, id);
        var hidden = Hidden(OsvJson.Member(item, "analysis"));
        var affected = OsvJson.Items(item, "affects").ToList();
        foreach (var affects in affected)
        {
            var reference = OsvJson.Text(affects, "ref") ?? "";
            if (id.Length > 0 && ComponentOf(reference) is { } component)
            {
                _findings.Add(new Finding { Vulnerability = vulnerability, Component = component, FixedIn = CycloneDxFix.Of(affects, component), Hidden = hidden });
            }
            else
            {
                _problems.Add($"the vulnerability \"{id}\" of \"{reference}\" cannot be taken over");
            }
        }

        if (affected.Count == 0)
        {
            _problems.Add($"the vulnerability \"{id}\" names no component");
        }
    }

    private static Vulnerability VulnerabilityOf(JsonElement item, string id)
    {
        var ratings = OsvJson.Items(item, "ratings").ToList();
        var rating = ReportedRating.Best(
            ratings.Select(CycloneDxVector.Of).OfType<string>(),
            ratings.Where(r => OsvJson.Text(r, "method")?.StartsWith("CVSS", StringComparison.Ordinal) == true).Select(r => ReportedRating.Score(r, "score")).OfType<decimal>(),
            ratings.Select(r => OsvJson.Text(r, "severity")));
        return new Vulnerability
        {
            Id = id,
            Aliases = [.. OsvJson.Items(item, "references").Select(r => OsvJson.Text(r, "id")).OfType<string>().Where(a => a != id).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Severity = rating.Severity,
            Score = rating.Score,
            Vector = rating.Vector,
            Summary = OsvJson.Text(item, "description") ?? "",
        };
    }

    /// <summary>A reference is one of the document's own, or a BOM-Link (urn:cdx:SERIAL/VERSION#REFERENCE).</summary>
    private Component? ComponentOf(string reference)
    {
        var hash = reference.IndexOf('#', StringComparison.Ordinal);
        return _byReference.GetValueOrDefault(reference) ?? (reference.StartsWith("urn:cdx:", StringComparison.Ordinal) && hash > 0
            ? _byReference.GetValueOrDefault(Uri.UnescapeDataString(reference[(hash + 1)..])) : null);
    }

    private static string? Hidden(JsonElement? analysis) => analysis is { } given && OsvJson.Text(given, "state") is "not_affected" or "false_positive" or "resolved" or "resolved_with_pedigree"
        ? string.Join(": ", new[] { OsvJson.Text(given, "state"), OsvJson.Text(given, "justification"), OsvJson.Text(given, "detail") }.Where(t => t is { Length: > 0 })) : null;
}
