using System.Globalization;
using Portcullis.Core.Signing;

namespace Portcullis.Core.Trust;

/// <summary>The status of one repository, with its roles where there is room.</summary>
public static class TrustStatus
{
    /// <summary>So many repositories are reported with their roles.</summary>
    public const int Detailed = 20;

    private const int ShownRoles = 20;
    private const int ShownKeys = 10;
    private const int ShownLines = 20;

    public static RepositoryTrustStatus Of(TrustReport report, RepositoryTrustStatus? before, bool isDetailed)
    {
        var remembered = report.Remembered;
        var status = new RepositoryTrustStatus
        {
            Repository = report.Repository,
            State = report.State.ToString(),
            Message = report.Message.Length == 0 ? null : ShownText.Of(report.Message),
            Versions = remembered.Root == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{remembered.Root}/{remembered.Targets}/{remembered.Snapshot}/{remembered.Timestamp}"),
            Declared = remembered.Declared,
            ExpiresAt = EndOf(report),
        };
        return !isDetailed ? status : status with
        {
            Roles = Roles(report) is { Count: > 0 } roles ? roles : null,
            RoleCount = report.Trust is null ? null : Names(report).Count,
            Drift = Lines(report.Plan.Drift),
            LosesSignature = Lines(report.Plan.Loses) ?? Lines([.. report.Published.SelectMany(p => p.Loses)]) ?? StillLost(report, before),
            Pending = PendingOf(report.Plan.Pending),
        };
    }

    /// <summary>The versions and the declaration that a status remembers.</summary>
    public static RememberedTrust Remembered(RepositoryTrustStatus status)
    {
        var versions = (status.Versions ?? "").Split('/').Select(v => long.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0).ToList();
        return versions.Count == 4 ? new RememberedTrust(status.Declared, versions[0], versions[1], versions[2], versions[3]) : RememberedTrust.Nothing with { Declared = status.Declared };
    }

    /// <summary>The first end of what is not renewed by the server; null when there is no trust data.</summary>
    public static DateTimeOffset? EndOf(TrustReport report) => report.Trust is not { } trust ? null
        : new[] { trust.Root.Expires, trust.Targets.Expires }.Concat(trust.Delegated.Values.Select(d => d.Expires)).Min();

    /// <summary>What was lost and has not been signed again since.</summary>
    private static IReadOnlyList<string>? StillLost(TrustReport report, RepositoryTrustStatus? before) => Lines([.. (before?.LosesSignature ?? []).Where(line =>
        line.Split(": ", 2) is not [var role, var tag] || report.Trust?.Delegated.GetValueOrDefault(role)?.Tags.Contains(tag) != true)]);

    private static PendingSignature? PendingOf(PendingRoot? pending) => pending is null ? null : new PendingSignature
    {
        Role = "root",
        Version = pending.Root.Version,
        Keys = pending.Missing,
        Content = Convert.ToBase64String(TrustContents.Of(pending.Root).ToSignedBytes()),
    };

    private static IReadOnlyList<string>? Lines(IReadOnlyList<string> lines) =>
        lines.Count == 0 ? null : lines.Count <= ShownLines ? [.. lines.Select(ShownText.Of)] : [.. lines.Take(ShownLines - 1).Select(ShownText.Of), FormattableString.Invariant($"and {lines.Count - ShownLines + 1} more")];

    private static List<string> Names(TrustReport report) =>
    [
        .. report.Observed.Declared.Roles.Select(r => r.Name).Concat(Listed(report.Trust).Select(d => d.Name)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<PublishedDelegation> Listed(PublishedTrust? trust) =>
        trust is null ? [] : trust.Delegated.Values.Prepend(trust.Targets).SelectMany(r => r.Delegations);

    /// <summary>Those that differ from the declaration first.</summary>
    private static List<RoleTrustStatus> Roles(TrustReport report)
    {
        var declared = report.Observed.Declared.Roles.ToDictionary(r => r.Name, StringComparer.Ordinal);
        var listed = Listed(report.Trust).DistinctBy(d => d.Name).ToDictionary(d => d.Name, StringComparer.Ordinal);
        return [.. Names(report).Select(n => Role(report.Trust, n, declared.GetValueOrDefault(n), listed.GetValueOrDefault(n))).OrderBy(r => r.State == "Declared" ? 1 : 0).ThenBy(r => r.Name, StringComparer.Ordinal).Take(ShownRoles)];
    }

    private static RoleTrustStatus Role(PublishedTrust? trust, string name, DeclaredRole? declared, PublishedDelegation? listed)
    {
        var keys = listed?.Keys ?? declared?.Signers.Select(s => s.Key).ToList() ?? [];
        var signed = trust?.Delegated.GetValueOrDefault(name);
        return new RoleTrustStatus
        {
            Name = name,
            Keys = [.. keys.Take(ShownKeys).Select(k => declared is null ? TrustWords.Short(k.CanonicalId) : TrustWords.Of(declared, k))],
            Threshold = listed?.Threshold ?? declared?.Threshold,
            Version = signed?.Version,
            ExpiresAt = signed?.Expires,
            State = listed is null ? "Missing" : declared is null ? "Undeclared" : TrustWords.Differences(declared, listed).Count > 0 ? "Differs" : "Declared",
        };
    }
}
