using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Portcullis.Core.Criteria;
using Portcullis.Core.Registries;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Promotions;

/// <summary>Source, criteria, target.</summary>
public sealed record PromotionPolicySpec : ISuspendable
{
    [Description("Promotes nothing while true.")]
    public bool? Suspend { get; init; }

    [Description("The name of the Registry that has both repositories.")]
    [StringLength(253, MinimumLength = 1)]
    public required string Registry { get; init; }

    [Description("Where images come from.")]
    public required PromotionSource Source { get; init; }

    [Description("Where they are promoted to.")]
    public required PromotionTarget Target { get; init; }

    [Description("An image is promoted when it meets every one of them; without criteria, always.")]
    [Items(50)]
    public IReadOnlyList<Criterion>? Criteria { get; init; }

    [Description("Future: images that are pushed after the policy was made (default). Existing: also those that were there before.")]
    [DefaultValue(PromotionScope.Future)]
    public PromotionScope ApplyTo { get; init; }

    [Description("Times at which nothing is promoted; what is eligible waits.")]
    [ListMap("name")]
    [Items(20)]
    public IReadOnlyList<FreezeWindow>? FreezeWindows { get; init; }
}

/// <summary>Where images come from.</summary>
public sealed record PromotionSource
{
    [StringLength(RepositoryName.LongestName, MinimumLength = 3)]
    [RegularExpression(RepositoryName.Pattern)]
    [Description("The name of the repository.")]
    public required string Repository { get; init; }
}

/// <summary>Where images go.</summary>
public sealed record PromotionTarget
{
    [StringLength(RepositoryName.LongestName, MinimumLength = 3)]
    [RegularExpression(RepositoryName.Pattern)]
    [Description("The name of the repository.")]
    public required string Repository { get; init; }

    [Description("The tag in the target: %n is the source's tag; %A %a %w %d %B %b %m %Y %y %H %I %p %M %S %f %Z %j %W are parts of the time of the promotion in UTC, as strftime has them; %% is a percent sign.")]
    [StringLength(128, MinimumLength = 1)]
    [DefaultValue("%n")]
    public string? TagTemplate { get; init; }

    /// <summary>The template, also of a manifest that leaves it out: only a server fills in defaults.</summary>
    [JsonIgnore]
    public string Template => TagTemplate ?? "%n";
}

/// <summary>Which images a policy looks at.</summary>
public enum PromotionScope
{
    Future,
    Existing,
}

/// <summary>A recurring time at which nothing is promoted.</summary>
public sealed record FreezeWindow
{
    [StringLength(63, MinimumLength = 1)]
    [Description("A name for messages.")]
    public required string Name { get; init; }

    [Description("When it begins, as a cron expression of five fields, such as 0 18 * * FRI.")]
    [StringLength(128, MinimumLength = 9)]
    public required string Schedule { get; init; }

    [Description("How long it lasts, such as 62h.")]
    [RegularExpression(KubernetesDuration.Pattern)]
    public required string Duration { get; init; }

    [Description("The time zone of the schedule by its IANA name. Default UTC.")]
    [StringLength(64, MinimumLength = 1)]
    public string? TimeZone { get; init; }
}
