using System.Text;

namespace Portcullis.Tools.Fuzzing;

/// <summary>
/// Everywhere that the product matches, expands or compiles what others wrote. A target throws when the product did something wrong: it threw what it
/// does not promise, or its answers contradict each other. Time and memory are watched for all of them.
/// </summary>
internal static class FuzzTargets
{
    private static readonly Dictionary<string, Action<byte[]>> All = new(StringComparer.Ordinal)
    {
        ["advisories"] = AdvisoryTargets.Advisory,
        ["advisory-archives"] = AdvisoryTargets.Archive,
        ["layers"] = LayerTargets.Layer,
        ["package-files"] = LayerTargets.PackageFile,
        ["binaries"] = LayerTargets.Binary,
        ["java-archives"] = LayerTargets.Archive,
        ["cel"] = LanguageTargets.Cel,
        ["criteria"] = PolicyTargets.Criterion,
        ["cvss"] = ScanTargets.Cvss,
        ["daemon-json"] = FileTargets.DaemonFile,
        ["definitions"] = FileTargets.Definition,
        ["freeze-windows"] = PolicyTargets.FreezeWindow,
        ["headers"] = RequestTargets.Headers,
        ["image-manifests"] = RegistryTargets.ImageManifest,
        ["licences"] = ScanTargets.License,
        ["manifests"] = FileTargets.Manifests,
        ["package-urls"] = ScanTargets.PackageUrls,
        ["patches"] = RequestTargets.Patches,
        ["patterns"] = LanguageTargets.Pattern,
        ["registry-headers"] = RegistryTargets.Headers,
        ["registry-names"] = RegistryTargets.Names,
        ["registry-requests"] = RegistryTargets.Requests,
        ["scan-documents"] = ScanTargets.Documents,
        ["selectors"] = RequestTargets.Selectors,
        ["sourceignore"] = FileTargets.SourceIgnore,
        ["tag-templates"] = PolicyTargets.TagTemplates,
        ["trust-canonical"] = TrustTargets.Canonical,
        ["trust-keys"] = TrustTargets.KeyText,
        ["trust-metadata"] = TrustTargets.Metadata,
        ["values"] = LanguageTargets.Values,
        ["version-orders"] = ScanTargets.VersionOrder,
        ["versions"] = LanguageTargets.Versions,
        ["yaml"] = FileTargets.Yaml,
    };

    public static IEnumerable<string> Names => All.Keys;

    public static Action<byte[]> Find(string name) => All[name];

    /// <summary>The parts of an input that holds several texts.</summary>
    public static string[] Parts(byte[] input, int count)
    {
        var parts = Encoding.UTF8.GetString(input).Split("\n=====\n", count);
        return [.. parts, .. Enumerable.Repeat("", count - parts.Length)];
    }

    public static void Expect(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException(what);
        }
    }
}
