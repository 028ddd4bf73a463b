using System.Text;
using Portcullis.Core.Components;
using Portcullis.Core.Licences;
using Portcullis.Core.Versions;
using Portcullis.Core.Vulnerabilities.Cvss;
using Portcullis.Core.Vulnerabilities.Reports;
using Portcullis.Core.Vulnerabilities.Vex;

namespace Portcullis.Tools.Fuzzing;

/// <summary>What images, advisories and reports of others bring: versions, licences, ratings, names and documents.</summary>
internal static class ScanTargets
{
    /// <summary>Two versions, in the order of every ecosystem.</summary>
    public static void VersionOrder(byte[] input)
    {
        var parts = FuzzTargets.Parts(input, 2);
        foreach (var order in Enum.GetValues<PackageFormat>().Select(VersionOrders.Of).Append(VersionOrders.SemVer))
        {
            var isFirst = order.TryKey(parts[0], out var first);
            var isSecond = order.TryKey(parts[1], out var second);
            FuzzTargets.Expect(isFirst == !first.Bytes.IsEmpty && isSecond == !second.Bytes.IsEmpty, "a key of nothing, or none of a version");
            FuzzTargets.Expect(!isFirst || !isSecond || first == second || !(first.Bytes.StartsWith(second.Bytes) || second.Bytes.StartsWith(first.Bytes)), "a key that begins with another");
        }
    }

    public static void License(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        foreach (var expression in (string?[])
            [DeclaredLicense.OfText(text), DeclaredLicense.OfApk(text), DebianCopyright.License(text), PythonLicense.Of(text, text, text.Split('\n')), NuGetLicense.Of(text, text), NpmLicense.Of(text.Split('\n')), MavenLicense.Of([(text, text)]), MavenLicense.OfBundle(text)])
        {
            FuzzTargets.Expect(expression is null || LicenseExpression.Parse(expression)?.ToString() == expression, $"wrote \"{expression}\", which is read otherwise");
        }
    }

    public static void Cvss(byte[] input)
    {
        var vector = CvssVector.Parse(Encoding.UTF8.GetString(input));
        FuzzTargets.Expect(vector is null or { BaseScore: >= 0 and <= 10, Score: >= 0 and <= 10 }, "a score beyond its bounds");
    }

    public static void PackageUrls(byte[] input)
    {
        if (PackageUrl.Parse(Encoding.UTF8.GetString(input)) is { } url)
        {
            var text = url.ToString();
            FuzzTargets.Expect(PackageUrl.Parse(text)?.ToString() == text, $"wrote \"{text}\", which is read otherwise");
            _ = ComponentUrl.Of(ComponentUrl.Component(url), null).ToString();
        }
    }

    /// <summary>One document, read as a report and as a VEX document.</summary>
    public static void Documents(byte[] input)
    {
        if (ExternalReport.Read(input) is { } report)
        {
            _ = VexFindings.Apply(report.Findings, VexDocument.Read(input) is { } vex ? [vex] : [], report.Digests, report.Distribution);
        }

        _ = VexDocument.Read(input);
    }
}
