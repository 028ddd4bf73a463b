using Portcullis.Core.Trust.Tuf;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Trust;

/// <summary>What one role that lists delegations or tags must become.</summary>
internal sealed record RolePlan(string Name)
{
    /// <summary>How long a role of targets lasts, as Notary's own.</summary>
    private const int Years = 3;

    /// <summary>The largest number of metadata. Somebody who had a key may have driven the version up to it.</summary>
    private const long LastVersion = 1L << 53;

    /// <summary>The delegations that it lists afterwards.</summary>
    public IReadOnlyList<PublishedDelegation> Delegations { get; private init; } = [];

    /// <summary>Null when nothing changes, or the operator holds no key for it.</summary>
    public RoleChange? Change { get; private init; }

    public IReadOnlyList<string> Changes { get; private init; } = [];

    public IReadOnlyList<string> Reverts { get; private init; } = [];

    public IReadOnlyList<string> Drift { get; private init; } = [];

    /// <summary>What should change and cannot, because the operator holds no key; null when nothing is held up.</summary>
    public string? Blocked { get; private init; }

    /// <summary>What ends soon and others must sign; null when nothing does.</summary>
    public string? Expiring { get; private init; }

    /// <param name="lists">What was read, and what is declared of each role.</param>
    /// <param name="name">The role.</param>
    /// <param name="keys">The keys that sign for it once everything above it is published.</param>
    /// <param name="now">By which its age is judged.</param>
    public static RolePlan Of(DeclaredLists lists, string name, RoleKeys keys, DateTimeOffset now)
    {
        var (observed, declared) = (lists.Observed, lists.Observed.Declared);
        var present = (observed.Server as ServerTrust.Present)?.Trust.Find(name);
        var children = DelegationList.Of(lists, name, present);
        var signWith = keys.Keys.Where(k => declared.Held.Contains(k.CanonicalId)).OrderBy(k => k.Id, StringComparer.Ordinal).ToList();
        var isUnsigned = present is not null && present.Signers.Count(s => keys.Keys.Any(k => k.CanonicalId == s)) < keys.Threshold;
        var ends = present is not null && present.Expires - now < declared.WarnBefore;
        var plan = new RolePlan(name) { Drift = children.Drift, Delegations = children.Wanted };
        if (children.Changes.Count == 0 && !ends && (name != DelegationName.Top || (present is not null && !isUnsigned)))
        {
            return plan;
        }

        // What a key signed that counts no more is not made to count again by a signature of ours.
        var isTop = name == DelegationName.Top;
        var canSign = signWith.Count > 0 && signWith.Count >= keys.Threshold && (isTop || !(isUnsigned || IsBroken(observed, name)));
        if (!canSign)
        {
            return Unchanged(plan, present, children) with
            {
                Blocked = children.Changes.Count > 0 ? $"{name} is not signed by a key of the operator ({Holders(lists.Find(name), keys)} can): {children.Changes[0].Finding}" : null,
                Expiring = ends ? $"{name} ends at {KubernetesJson.Time(present!.Expires)}: {Holders(lists.Find(name), keys)} must sign it" : null,
            };
        }

        var (expires, version) = (new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddYears(Years), VersionAfter(observed, name, present));
        if (version > LastVersion)
        {
            return Unchanged(plan, present, children) with
            {
                Blocked = FormattableString.Invariant($"{name} has version {version - 1}, and no later one can be read: delete the trust data (notary delete --remote) and pin another root key"),
            };
        }

        return plan with
        {
            Change = new RoleChange(name, version, expires, children.Wanted, signWith),
            Changes = children.Changes.Count > 0 ? [.. children.Changes.Select(c => c.Change)] : [$"sign {name} anew, until {KubernetesJson.Time(expires)}"],
            Reverts = children.Reverts,
        };
    }

    /// <summary>The role stays as it is: what should change is reported as a difference.</summary>
    private static RolePlan Unchanged(RolePlan plan, PublishedRole? present, DelegationList children) => plan with
    {
        Delegations = present?.Delegations ?? [],
        Drift = [.. children.Drift, .. children.Changes.Select(c => c.Finding)],
    };

    private static bool IsBroken(TrustObservation observed, string name) => observed.Server is ServerTrust.Present { Trust: var trust } && trust.Broken.ContainsKey(name);

    private static long VersionAfter(TrustObservation observed, string name, PublishedRole? present) =>
        Math.Max(present?.Version ?? 0, name == DelegationName.Top ? observed.Remembered.Targets : 0) + 1;

    private static string Holders(DeclaredRole? role, RoleKeys keys) =>
        string.Join(", ", keys.Keys.Select(k => role is null ? $"the key {TrustWords.Short(k.CanonicalId)}" : TrustWords.Of(role, k)).Take(5));
}

/// <summary>The keys that sign for a role, and how many of them must.</summary>
internal sealed record RoleKeys(IReadOnlyList<TufKey> Keys, int Threshold);
