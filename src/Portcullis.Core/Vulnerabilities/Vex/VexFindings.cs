using Portcullis.Core.Components;

namespace Portcullis.Core.Vulnerabilities.Vex;

/// <summary>Applies VEX documents to the findings of an image.</summary>
public static class VexFindings
{
    /// <summary>
    /// The findings, of which those are hidden for which the latest statement about vulnerability and component says not_affected or fixed. One that is hidden already
    /// stays so, with its reason.
    /// </summary>
    /// <param name="findings">The findings.</param>
    /// <param name="documents">The documents that count. Of two statements of one time, that of the later document is taken, and of its later statement.</param>
    /// <param name="images">The digests that name the image: its own, and that of an index which it is part of.</param>
    /// <param name="distribution">That of the image.</param>
    public static IReadOnlyList<Finding> Apply(
        IReadOnlyList<Finding> findings, IReadOnlyList<VexDocument> documents, IReadOnlyCollection<string> images, Distribution? distribution)
    {
        var statements = documents.SelectMany(d => d.Statements).OrderBy(s => s.Time).ToList();
        return statements.Count == 0 ? findings : [.. findings.Select(f => f.Hidden is null ? f with { Hidden = Reason(f, statements, images, distribution) } : f)];
    }

    private static string? Reason(Finding finding, List<VexStatement> statements, IReadOnlyCollection<string> images, Distribution? distribution)
    {
        var component = ComponentUrl.Of(finding.Component, distribution);
        return statements.FindLast(s => s.IsAbout(finding.Vulnerability) && s.Products.Any(p => p.Names(component, images))) switch
        {
            { Status: VexStatus.NotAffected } statement => $"not affected: {statement.Justification} (VEX of {statement.Author})",
            { Status: VexStatus.Fixed } statement => $"fixed (VEX of {statement.Author})",
            _ => null,
        };
    }
}
