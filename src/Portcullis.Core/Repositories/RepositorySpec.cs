using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Portcullis.Core.Criteria;
using Portcullis.Core.Registries;
using Portcullis.Core.Vulnerabilities;

namespace Portcullis.Core.Repositories;

/// <summary>The rules of one repository.</summary>
public sealed record RepositorySpec : ISuspendable
{
    [Description("Pauses new work while true; the gateway goes on with what is in force.")]
    public bool? Suspend { get; init; }

    [Description("The name of the Registry.")]
    [StringLength(253, MinimumLength = 1)]
    public required string Registry { get; init; }

    [Description("ORGANIZATION/NAME, as in the image name after the registry's host.")]
    [StringLength(RepositoryName.LongestName, MinimumLength = 3)]
    [RegularExpression(RepositoryName.Pattern)]
    public required string Name { get; init; }

    [Description("Public: everybody may pull, also without login. Private: only who has a grant on it (default).")]
    [DefaultValue(RepositoryVisibility.Private)]
    public RepositoryVisibility Visibility { get; init; }

    [Description("Which tags can never be overwritten or deleted.")]
    public Immutability? Immutability { get; init; }

    [Description("Scan every image that is pushed. Default true. Without, no image of the repository meets a criterion on packages, licenses or vulnerabilities.")]
    public bool? ScanOnPush { get; init; }

    [Description("Vulnerabilities that are not counted in this repository, each for a reason and for a limited time.")]
    [Items(500)]
    public IReadOnlyList<VulnerabilityOverride>? VulnerabilityOverrides { get; init; }

    [Description("Whose reports and VEX documents count that are attached to images of this repository: those with a DSSE signature by one of these keys. All others are shown in status, and never used.")]
    [ListMap("name")]
    [Items(20)]
    public IReadOnlyList<EvidenceAuthor>? EvidenceAuthors { get; init; }

    [Description("Images that may not be pulled.")]
    public PullBlocking? PullBlocking { get; init; }

    [Description("Who is notified of what happens in the repository.")]
    [ListMap("name")]
    [Items(20)]
    public IReadOnlyList<RepositoryWebhook>? Webhooks { get; init; }
}

/// <summary>Who may pull without a grant.</summary>
public enum RepositoryVisibility
{
    Private,
    Public,
}

/// <summary>Rules in their order: the first one that matches a tag decides; a tag that none matches may be overwritten.</summary>
public sealed record Immutability
{
    [Items(100, Minimum = 1)]
    [Description("Which tags are immutable.")]
    public required IReadOnlyList<ImmutabilityRule> Rules { get; init; }

    [Description("Tags that may be overwritten or deleted nevertheless, each for a reason and for a limited time.")]
    [ListMap("tag")]
    [Items(100)]
    public IReadOnlyList<ImmutabilityException>? Exceptions { get; init; }
}

/// <summary>What holds for the tags that match.</summary>
public sealed record ImmutabilityRule
{
    [Description("Names of tags; * stands for any part.")]
    [Items(100, Minimum = 1)]
    [StringLength(128, MinimumLength = 1)]
    public required IReadOnlyList<string> Tags { get; init; }

    [Description("Whether these tags are immutable. Default true.")]
    public bool? Immutable { get; init; }
}

/// <summary>One tag that is not immutable for a while.</summary>
public sealed record ImmutabilityException
{
    [StringLength(128, MinimumLength = 1)]
    [RegularExpression(TagName.Pattern)]
    [Description("The tag that may be written once more.")]
    public required string Tag { get; init; }

    [Description("Why; shown in status and audit.")]
    [StringLength(1024, MinimumLength = 1)]
    public required string Reason { get; init; }

    [Description("Who asked for it.")]
    [StringLength(253, MinimumLength = 1)]
    public required string Owner { get; init; }

    [Description("From this time on the rules hold again.")]
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>An image is served only when it meets every criterion; what is not known (not scanned, not verified) does not meet it.</summary>
public sealed record PullBlocking
{
    [Items(50, Minimum = 1)]
    [Description("What an image must meet to be pulled.")]
    public required IReadOnlyList<Criterion> Criteria { get; init; }
}
