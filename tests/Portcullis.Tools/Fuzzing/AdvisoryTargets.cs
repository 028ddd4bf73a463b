using Portcullis.Core.Components;
using Portcullis.Core.Vulnerabilities.Advisories;
using Portcullis.Scanning.Advisories;

namespace Portcullis.Tools.Fuzzing;

/// <summary>Advisories, and archives of them.</summary>
internal static class AdvisoryTargets
{
    private static readonly Component Demo = new() { Format = PackageFormat.Npm, Name = "demo", Version = "1.0.0" };

    /// <summary>An advisory in JSON or YAML: what is read of it is packed and read back as the same, and makes findings.</summary>
    public static void Advisory(byte[] input)
    {
        foreach (var reading in (AdvisoryReading[])[OsvReader.ReadJson(input), OsvReader.ReadYaml(input)])
        {
            FuzzTargets.Expect((reading.Advisory is null) == (reading.Fault is not null), "neither read nor refused");
            if (reading.Advisory is not { } advisory)
            {
                continue;
            }

            var writer = new PackedWriter();
            StoredAdvisory.Of(advisory).WriteRecord(writer, AdvisoryRating.None);
            var details = StoredAdvisory.ReadDetails(writer.Written);
            FuzzTargets.Expect(details.Id == advisory.Details.Id && details.Aliases.SequenceEqual(advisory.Details.Aliases) && details.Rating == advisory.Details.Rating, "another one came back");
            FuzzTargets.Expect(advisory.Affected.All(a => VersionSet.Of(a.Versions.Intervals()).Equals(a.Versions)), "versions that are not themselves");
            FuzzTargets.Expect(FindingMerge.Of(Demo, [new AdvisoryMatch(details, VersionSet.All.Packed.ToArray(), null, default)]).Count > 0, "an advisory without a finding");
        }
    }

    /// <summary>A tar archive: it is read to its end mark or refused.</summary>
    public static void Archive(byte[] input)
    {
        var limits = new ImportLimits { AdvisoryBytes = 1 << 16, Files = 100, TotalBytes = 1 << 20 };
        try
        {
            FuzzTargets.Expect(new TarAdvisories(new MemoryStream(input), "archive", limits).Read().All(f => f.Content.Length <= limits.AdvisoryBytes), "more than the limit");
        }
        catch (CorruptArchiveException)
        {
            // Refused.
        }
    }
}
