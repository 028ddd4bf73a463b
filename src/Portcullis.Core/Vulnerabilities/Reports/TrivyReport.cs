using System.Text.Json;
using Portcullis.Core.Components;
using Portcullis.Core.Licences;
using Portcullis.Core.Vulnerabilities.Advisories;

namespace Portcullis.Core.Vulnerabilities.Reports;

/// <summary>Reads a report of Trivy (JSON, schema 2).</summary>
internal sealed class TrivyReport(JsonElement root)
{
    private static readonly string[] VectorNames = ["V40Vector", "V3Vector", "V2Vector"];
    private static readonly string[] ScoreNames = ["V40Score", "V3Score", "V2Score"];

    private readonly List<Component> _components = [];
    private readonly List<Finding> _findings = [];
    private readonly List<string> _problems = [];

    public ExternalReport Read()
    {
        var metadata = OsvJson.Member(root, "Metadata") ?? default;
        foreach (var result in OsvJson.Items(root, "Results"))
        {
            ReadResult(result);
        }

        var time = OsvJson.Time(root, "CreatedAt");
        return new ExternalReport
        {
            Tool = OsvJson.Member(root, "Trivy") is { } tool && OsvJson.Text(tool, "Version") is { } version ? $"Trivy {version}" : "Trivy",
            Time = time == DateTimeOffset.MinValue ? null : time,
            Digests = [.. OsvJson.Texts(metadata, "RepoDigests").Select(d => d[(d.LastIndexOf('@') + 1)..]).Where(ImageDigest.IsLegal).Distinct(StringComparer.Ordinal)],
            Distribution = OsvJson.Member(metadata, "OS") is { } os && OsvJson.Text(os, "Family") is { } family ? new Distribution(family, OsvJson.Text(os, "Name") ?? "") : null,
            Components = [.. _components.Distinct()],
            Findings = _findings,
            Problems = _problems,
        };
    }

    private void ReadResult(JsonElement result)
    {
        var type = OsvJson.Text(result, "Type") ?? "";
        foreach (var package in OsvJson.Items(result, "Packages"))
        {
            if (ComponentOf(package, "Identifier", type, Version(package)) is { } component)
            {
                _components.Add(component with { License = DeclaredLicense.AllOf(OsvJson.Texts(package, "Licenses")) });
            }
        }

        foreach (var vulnerability in OsvJson.Items(result, "Vulnerabilities"))
        {
            ReadVulnerability(vulnerability, type);
        }
    }

    private void ReadVulnerability(JsonElement vulnerability, string type)
    {
        var id = OsvJson.Text(vulnerability, "VulnerabilityID") ?? "";
        if (id.Length == 0 || ComponentOf(vulnerability, "PkgIdentifier", type, OsvJson.Text(vulnerability, "InstalledVersion") ?? "") is not { } component)
        {
            _problems.Add($"the vulnerability \"{id}\" of the package \"{OsvJson.Text(vulnerability, "PkgName")}\" of type \"{type}\" cannot be taken over");
            return;
        }

        var rating = Rating(vulnerability);
        _findings.Add(new Finding
        {
            Vulnerability = new Vulnerability
            {
                Id = id,
                Aliases = [.. OsvJson.Texts(vulnerability, "VendorIDs").Where(a => a != id).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                Severity = rating.Severity,
                Score = rating.Score,
                Vector = rating.Vector,
                Summary = OsvJson.Text(vulnerability, "Title") ?? "",
            },
            Component = component,
            FixedIn = ReportedFix.Of(OsvJson.Text(vulnerability, "FixedVersion"), component),
        });
    }

    private static AdvisoryRating Rating(JsonElement vulnerability)
    {
        var sources = OsvJson.Member(vulnerability, "CVSS") is { ValueKind: JsonValueKind.Object } cvss ? cvss.EnumerateObject().Select(p => p.Value).ToList() : [];
        return ReportedRating.Best(
            sources.SelectMany(s => VectorNames.Select(n => OsvJson.Text(s, n))).OfType<string>(),
            sources.SelectMany(s => ScoreNames.Select(n => ReportedRating.Score(s, n))).OfType<decimal>(),
            [OsvJson.Text(vulnerability, "Severity")]);
    }

    /// <summary>By the package URL; where there is none, by the type of the result. Null when it has neither that nor a name.</summary>
    private static Component? ComponentOf(JsonElement owner, string identifier, string type, string version)
    {
        var url = OsvJson.Member(owner, identifier) is { } named && OsvJson.Text(named, "PURL") is { } text ? PackageUrl.Parse(text) : null;
        var name = OsvJson.Text(owner, "PkgName") ?? OsvJson.Text(owner, "Name") ?? "";
        return url is not null ? Named(ComponentUrl.Component(url), name, version) : name.Length == 0 ? null :
            TrivyTypes.Format(type) is { } format ? new Component { Format = format, Name = name, Version = version } : ComponentUrl.Generic(name, version);
    }

    /// <summary>Trivy's own fields say name and version as the ecosystem writes them.</summary>
    private static Component Named(Component component, string name, string version) => version.Length == 0 ? component : component with
    {
        Version = version,
        Name = name.Length > 0 && component.Format != PackageFormat.Other ? name : component.Name,
    };

    private static string Version(JsonElement package)
    {
        var version = OsvJson.Text(package, "Version") ?? "";
        var release = OsvJson.Text(package, "Release") is { Length: > 0 } given ? $"-{given}" : "";
        return OsvJson.Text(package, "Epoch") is { } epoch && epoch != "0" ? $"{epoch}:{version}{release}" : version + release;
    }
}
