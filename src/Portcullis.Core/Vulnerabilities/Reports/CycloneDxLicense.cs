using System.Text.Json;
using Portcullis.Core.Licences;
using Portcullis.Core.Vulnerabilities.Advisories;

namespace Portcullis.Core.Vulnerabilities.Reports;

/// <summary>The licence of a component in CycloneDX: an expression, or a list of licences that all hold.</summary>
internal static class CycloneDxLicense
{
    public static string? Of(JsonElement component) => DeclaredLicense.AllOf(OsvJson.Items(component, "licenses").Select(l =>
        OsvJson.Text(l, "expression") ?? (OsvJson.Member(l, "license") is { } license ? OsvJson.Text(license, "id") ?? OsvJson.Text(license, "name") : null)));
}
