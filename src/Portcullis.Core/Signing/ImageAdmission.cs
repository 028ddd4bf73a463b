using System.Globalization;

namespace Portcullis.Core.Signing;

/// <summary>What was decided of the images of one object, in the order in which they were asked about.</summary>
public sealed record ImageAdmission(IReadOnlyList<SigningDecision> Images)
{
    private const int MostShown = 10;

    /// <summary>The strictest mode of any of them.</summary>
    public SigningMode Mode { get; } = Images.Count == 0 ? SigningMode.Off : Images.Max(i => i.Mode);

    /// <summary>Whether all may run.</summary>
    public bool MayRun { get; } = Images.All(i => i.MayRun);

    /// <summary>What the user is warned of, once each: everything that <see cref="SigningMode.Audit"/> would refuse.</summary>
    public IReadOnlyList<string> Warnings { get; } = Images.All(i => i.Warnings.Count == 0) ? [] : [.. Images.SelectMany(i => i.Warnings).Distinct(StringComparer.Ordinal)];

    /// <summary>The policies that decided: those of the strictest mode that cover an image.</summary>
    public IReadOnlyList<string> Policies => [.. Images.Where(i => i.Mode == Mode).SelectMany(i => i.Policies).Distinct(StringComparer.Ordinal)];

    /// <summary>The images that a policy covers, each by the digest that may run.</summary>
    public string Covered => Join(Images.Where(i => i.Mode != SigningMode.Off).Select(i => i.ToName is { } digest ? ImageName.Pinned(i.Image, digest) : i.Image));

    /// <summary>Why the object is refused, in the words of Docker's admission plugin; null when it is not.</summary>
    public string? Refusal
    {
        get
        {
            var refused = Images.Where(i => !i.MayRun).ToList();
            return refused.Count == 0 ? null
                : $"one or more images do not meet the required signing policy: [{Join(refused.Select(r => r.Image))}]; additional error messages: [{Join(refused.Select(r => r.Verdict.Problem!))}]";
        }
    }

    /// <summary>What thousands of images have in common is said of the first: the API server keeps no message of any length.</summary>
    private static string Join(IEnumerable<string> texts)
    {
        var all = texts.Distinct(StringComparer.Ordinal).ToList();
        var shown = string.Join(", ", all.Take(MostShown).Select(ShownText.Of));
        return all.Count <= MostShown ? shown : string.Create(CultureInfo.InvariantCulture, $"{shown} and {all.Count - MostShown} more");
    }
}
