using System.Security.Cryptography;
using System.Text;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Trust;

/// <summary>What all TrustDelegations of one repository together ask of its trust data.</summary>
/// <param name="Gun">The name of the trust data: HOST/REPOSITORY.</param>
/// <param name="By">The declarations, in the order of their names.</param>
public sealed record DeclaredTrust(string Gun, IReadOnlyList<ResolvedTrust> By)
{
    private static readonly TimeSpan DefaultWarning = TimeSpan.FromDays(30);

    /// <summary>What is signed anew lasts three years at least: with a longer time it would be signed anew at once, for ever.</summary>
    internal static readonly TimeSpan LongestWarning = TimeSpan.FromDays(365);

    public bool Initializes { get; init; }

    /// <summary>The pinned root keys, in the order of their canonical ids; empty when there is a problem with them.</summary>
    public IReadOnlyList<TufKey> RootKeys { get; init; } = [];

    public TufKey? TargetsKey { get; init; }

    /// <summary>Null: the server signs snapshots.</summary>
    public TufKey? SnapshotKey { get; init; }

    public IReadOnlyList<DeclaredRole> Roles { get; init; } = [];

    /// <summary>Whether delegations that nobody declares are removed.</summary>
    public bool Prunes { get; init; }

    /// <summary>Whether what somebody changed on the server is put back.</summary>
    public bool Reverts { get; init; }

    public TimeSpan WarnBefore { get; init; }

    /// <summary>Whether all of them are suspended.</summary>
    public bool IsSuspended { get; init; }

    public IReadOnlyList<OfflineSignature> Signatures { get; init; } = [];

    /// <summary>Canonical ids of the keys that the operator can sign with.</summary>
    public IReadOnlySet<string> Held { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Why nothing can be published: declarations that contradict, keys that cannot be used.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];

    /// <summary>Changes whenever something else is declared; the same for the same declaration in whatever order.</summary>
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text())))[..16];

    /// <param name="gun">The name of the trust data.</param>
    /// <param name="repository">The repository, as offline signatures name it.</param>
    /// <param name="declarations">At least one.</param>
    public static DeclaredTrust Of(string gun, string repository, IEnumerable<ResolvedTrust> declarations)
    {
        var by = declarations.OrderBy(d => d.Declaration.Key).ToList();
        var specs = by.Select(d => d.Declaration.Spec).ToList();
        return new DeclaredTrust(gun, by)
        {
            Initializes = specs.Any(s => s.Initializes),
            RootKeys = [.. by.SelectMany(d => d.RootKeys).DistinctBy(k => k.CanonicalId).OrderBy(k => k.CanonicalId, StringComparer.Ordinal)],
            TargetsKey = by.Select(d => d.TargetsKey).FirstOrDefault(k => k is not null),
            SnapshotKey = by.Select(d => d.SnapshotKey).FirstOrDefault(k => k is not null),
            Roles = [.. by.SelectMany(d => d.Roles).GroupBy(r => r.Name, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.First() with { Signers = Once(g.SelectMany(r => r.Signers)) })],

            // Removal needs the word of all, and what one of them protects is protected.
            Prunes = specs.All(s => s.Undeclared == UndeclaredRoles.Prune),
            Reverts = specs.Any(s => s.Drift == TrustDrift.Revert),
            WarnBefore = specs.Max(s => KubernetesDuration.Parse(s.Expiry?.WarnBefore) is not { } given ? DefaultWarning : given < LongestWarning ? given : LongestWarning),
            IsSuspended = specs.All(s => s.Suspend == true),
            Signatures = [.. specs.SelectMany(s => s.Root.Signatures ?? []).Where(s => s.Repository == repository)],
            Held = by.SelectMany(d => d.Held).ToHashSet(StringComparer.Ordinal),
            Problems = [.. TrustContradictions.Of(by), .. by.SelectMany(d => d.Problems)],
        };
    }

    /// <summary>Each key once, whoever is named first for it.</summary>
    internal static IReadOnlyList<RoleSigner> Once(IEnumerable<RoleSigner> signers) =>
        [.. signers.DistinctBy(s => s.Key.CanonicalId).OrderBy(s => s.Key.CanonicalId, StringComparer.Ordinal)];

    private string Text() => string.Join('\n', [
        string.Join(',', RootKeys.Select(k => k.CanonicalId)), TargetsKey?.CanonicalId ?? "", SnapshotKey?.CanonicalId ?? "server", Prunes ? "prune" : "report",
        .. Roles.Select(r => $"{r.Name} {r.Threshold} {string.Join(',', r.Signers.Select(s => s.Key.Id))} {string.Join(' ', r.Paths.Select(p => $"\"{p}\""))}")]);
}
