using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization.Metadata;
using Portcullis.Core;
using Portcullis.Core.Kinds;
using Portcullis.Objects;
using DescriptionAttribute = System.ComponentModel.DescriptionAttribute;

namespace Portcullis.Tests.AddingAKind.Core;

/// <summary>A kind that the program does not have: a text that every reader of a namespace finds in its ConfigMap <c>banner</c>.</summary>
internal sealed record Banner : Resource<BannerSpec, BannerStatus>, IResource<Banner>
{
    public static ApiResource Definition { get; } = new(WellKnown.Group, WellKnown.Version, "Banner", "banners", false)
    {
        Categories = [WellKnown.Category],
    };

    public static JsonTypeInfo<Banner> JsonType => BannersJsonContext.Default.Banner;

    public static KindDefinition KindDefinition { get; } = new(Definition, JsonType, new CrdOptions
    {
        Description = "A text that every reader of a namespace finds there.",
        Columns = [new PrinterColumn("Namespace", ".spec.namespace")],
    })
    {
        Rules = [new BannerRule()],
        Claims = one => [new ScopeClaim.Namespace("spec.namespace", TypedObject.Read<Banner>(one.Value).Spec.Namespace)],
    };
}

/// <summary>What the banner says and where.</summary>
internal sealed record BannerSpec : ISuspendable
{
    [Description("No new work and no drift correction while true.")]
    public bool? Suspend { get; init; }

    [Description("The namespace whose readers are addressed.")]
    [StringLength(63, MinimumLength = 1)]
    public required string Namespace { get; init; }

    [Description("What they read.")]
    [StringLength(200, MinimumLength = 1)]
    public required string Text { get; init; }
}

/// <summary>What is shown now.</summary>
internal sealed record BannerStatus : DeclarableStatus
{
    [Description("The text in the ConfigMap.")]
    public string? Shown { get; init; }

    [Description("Where it is shown.")]
    public string? Namespace { get; init; }
}

/// <summary>Two banners in one namespace would overwrite each other.</summary>
internal sealed class BannerRule : IRevisionRule
{
    public IEnumerable<RevisionProblem> Check(DeclaredRevision revision)
    {
        var declared = revision.Of(Banner.Definition).OrderBy(one => one.Key).ToList();
        var taken = TypedObject.InForce<Banner>(revision)
            .Where(other => declared.TrueForAll(one => one.Key != other.Metadata.Key))
            .Select(other => other.Spec.Namespace)
            .ToHashSet(StringComparer.Ordinal);
        return from one in declared
               where !taken.Add(TypedObject.Read<Banner>(one.Value).Spec.Namespace)
               select new RevisionProblem(one.PositionOf("spec.namespace"), $"Banner {one.Key}: another banner is in this namespace");
    }
}
