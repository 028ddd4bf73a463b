using System.Globalization;
using Portcullis.Core.Organizations;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Core.Trust;

/// <summary>One TrustDelegation with the keys that its texts, Secrets and teams stand for.</summary>
public sealed record ResolvedTrust(TrustDelegation Declaration)
{
    /// <summary>The pinned root keys.</summary>
    public IReadOnlyList<TufKey> RootKeys { get; init; } = [];

    /// <summary>Root keys that the operator can sign with.</summary>
    public IReadOnlyList<TufKey> HeldRootKeys { get; init; } = [];

    /// <summary>The key that signs the list of delegations; null when none is declared.</summary>
    public TufKey? TargetsKey { get; init; }

    /// <summary>The key that signs snapshots; null where the server does.</summary>
    public TufKey? SnapshotKey { get; init; }

    public IReadOnlyList<DeclaredRole> Roles { get; init; } = [];

    /// <summary>Canonical ids of all keys that the operator can sign with.</summary>
    public IReadOnlySet<string> Held { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Keys that cannot be found or read; while there is one, nothing is published.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];

    /// <param name="declaration">What is declared.</param>
    /// <param name="organizations">An Organization by its name; null when there is none.</param>
    /// <param name="secrets">What the Secrets hold that it names.</param>
    /// <param name="now">By which certificates are too old.</param>
    public static ResolvedTrust Of(TrustDelegation declaration, Func<string, OrganizationSpec?> organizations, IReadOnlyDictionary<string, SecretKeys> secrets, DateTimeOffset now)
    {
        var keys = new TrustKeyResolution(organizations, secrets, now);
        var spec = declaration.Spec;
        var held = keys.Of(spec.Root.KeySecretRef, "spec.root.keySecretRef");
        var resolved = new ResolvedTrust(declaration)
        {
            HeldRootKeys = held,
            RootKeys = spec.Root.PublicKeys is { } pinned
                ? [.. pinned.Select((text, i) => keys.OfText(text, string.Create(CultureInfo.InvariantCulture, $"spec.root.publicKeys[{i}]"), certificateMayEnd: true)).OfType<TufKey>()]
                : [.. held.Select(k => keys.CertificateOf(spec.Root.KeySecretRef, k) ?? k)],
            TargetsKey = keys.One(spec.Targets?.KeySecretRef, "spec.targets.keySecretRef"),
            SnapshotKey = keys.One(spec.SnapshotKeySecretRef, "spec.snapshotKeySecretRef"),
            Roles = [.. (spec.Roles ?? []).Select((r, i) => keys.OfRole(r, string.Create(CultureInfo.InvariantCulture, $"spec.roles[{i}]"))).OrderBy(r => r.Name, StringComparer.Ordinal)],
        };
        return resolved with { Held = secrets.Values.SelectMany(s => s.Held).Select(k => k.CanonicalId).ToHashSet(StringComparer.Ordinal), Problems = keys.Problems };
    }
}
