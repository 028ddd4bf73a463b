using Portcullis.Core.Components;

namespace Portcullis.Core.Vulnerabilities;

/// <summary>The vulnerabilities of an image.</summary>
public static class ImageMatch
{
    /// <summary>
    /// What the advisories say of each component, in the order of the components. A component that a distribution's package brought is judged by that package's
    /// advisories alone: the distribution mends it without a change of its version. A binary's Go modules and crates are judged by their own, since distributions
    /// do not follow what was linked into a program.
    /// </summary>
    public static IReadOnlyList<LocatedFinding> Of(ImageInventory inventory, IAdvisoryIndex advisories)
    {
        var findings = new List<LocatedFinding>();
        foreach (var located in inventory.Components)
        {
            if (located.PartOf is not null && located.Component.Format is not (PackageFormat.Go or PackageFormat.Crate))
            {
                continue;
            }

            foreach (var finding in advisories.FindingsOf(located.Component, located.Distribution ?? inventory.Distribution))
            {
                findings.Add(new(located, finding));
            }
        }

        return findings;
    }
}
