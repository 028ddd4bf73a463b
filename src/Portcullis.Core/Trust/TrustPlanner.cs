
namespace Portcullis.Core.Trust;

/// <summary>
/// Plans the trust data of one repository: one update that makes it as declared, as far as the operator holds the keys.
/// <code>
/// declarations agree? ─▶ server answers, and a pinned key signed its root? ─▶ root right? ─▶ each role right, from the top? ─▶ publish all at once
/// Conflict               Unreachable, Rejected, Uninitialized                   Pending         Pending
/// </code>
/// </summary>
public static class TrustPlanner
{
    /// <summary>So many roles are named by which something is held up.</summary>
    private const int Shown = 10;

    public static TrustPlan Plan(TrustObservation observed, DateTimeOffset now)
    {
        var declared = observed.Declared;
        if (declared.Problems.Count > 0)
        {
            var isConflict = declared.Problems[0].Reason == TrustReasons.TrustConflict;
            return new TrustPlan(isConflict ? TrustState.Conflict : TrustState.Pending, Problem.Join([.. declared.Problems])) { Reason = declared.Problems[0].Reason };
        }

        return observed.Server switch
        {
            ServerTrust.Unreachable away => new TrustPlan(TrustState.Unreachable, away.Message) { Reason = TrustReasons.NotaryUnreachable },
            ServerTrust.Rejected rejected => new TrustPlan(TrustState.Rejected, rejected.Message) { Reason = TrustReasons.TrustRejected },
            ServerTrust.Present present => PlanNext(observed, present.Trust, now),
            _ => PlanFirst(observed, now),
        };
    }

    private static TrustPlan PlanFirst(TrustObservation observed, DateTimeOffset now)
    {
        var declared = observed.Declared;
        if (!declared.Initializes || declared.IsSuspended)
        {
            return new TrustPlan(TrustState.Uninitialized, $"the server has no trust data of {declared.Gun}, and none is made{(declared.IsSuspended ? " while suspended" : ": set initialize: IfMissing")}")
            {
                Reason = TrustReasons.NotInitialized,
            };
        }

        if (observed.ServerKeys is null)
        {
            return new TrustPlan(TrustState.Unreachable, "the server did not give the keys that it signs snapshots and timestamps with") { Reason = TrustReasons.NotaryUnreachable };
        }

        return Lacking(observed) is { } lacking
            ? new TrustPlan(TrustState.Pending, lacking) { Reason = TrustReasons.KeyMissing }
            : PlanNext(observed, null, now);
    }

    /// <summary>What a first root could not be made of; null when nothing is missing.</summary>
    private static string? Lacking(TrustObservation observed)
    {
        var listed = observed.RootCertificates.Select(k => k.CanonicalId).ToHashSet(StringComparer.Ordinal);
        var bare = observed.Declared.RootKeys.Where(k => !listed.Contains(k.CanonicalId)).ToList();
        return bare.Count > 0
            ? $"the root key {TrustWords.Of(bare)} is pinned {(bare[0].Certificate is { } other ? $"as a certificate for '{other.CommonName}'" : "as a public key")}: pin its certificate, with the common name {observed.Declared.Gun}, or name its Secret in spec.root.keySecretRef"
            : observed.Declared.TargetsKey is null ? "there is no targets key: name its Secret in spec.targets.keySecretRef" : null;
    }

    private static TrustPlan PlanNext(TrustObservation observed, PublishedTrust? present, DateTimeOffset now)
    {
        var root = RootPlan.Of(observed, present?.Root, now);
        var roles = new RolePlans(observed, TargetsKeys(root, present), now);
        var loses = LostSignatures.Of(present, roles);
        var plan = new TrustPlan(TrustState.Published, "")
        {
            Drift = [.. roles.All.SelectMany(r => r.Drift)],
            Loses = loses,
            Expiring = [.. roles.All.Select(r => r.Expiring).OfType<string>()],
            Broken = [.. (present?.Broken ?? new Dictionary<string, string>()).OrderBy(b => b.Key, StringComparer.Ordinal).Select(b => $"{b.Key} does not verify, and what is signed there does not count: {b.Value}. Whoever holds a key of it signs it again: notary witness {observed.Declared.Gun} {b.Key} --publish")],
            Pending = root.Change is { } change && root.Missing.Count > 0 ? new PendingRoot(change, root.Missing) : null,
            NextChange = NextChange(observed, present, now),
        };
        var publish = present is null && !root.CanBePublished ? null : Publish(observed, present, root, roles, loses, now);
        return Judged(observed.Declared, plan with { Actions = publish is null || observed.Declared.IsSuspended ? [] : [publish] }, root, roles);
    }

    /// <summary>What is listed in the root that stands when this plan is done.</summary>
    private static RoleKeys TargetsKeys(RootPlan root, PublishedTrust? present) =>
        new(root.CanBePublished || present is null ? root.Change!.TargetsKeys : present.Root.TargetsKeys, 1);

    private static TrustAction.Publish? Publish(TrustObservation observed, PublishedTrust? present, RootPlan root, RolePlans roles, IReadOnlyList<string> loses, DateTimeOffset now)
    {
        var changes = roles.All.Select(r => r.Change).OfType<RoleChange>().ToList();
        var snapshot = SnapshotOf(observed, present, root, changes.Count > 0 || root.CanBePublished, now);
        return changes.Count == 0 && !root.CanBePublished && snapshot is null ? null : new TrustAction.Publish(observed.Declared.Gun)
        {
            Root = root.CanBePublished ? root.Change : null,
            Roles = changes,
            Snapshot = snapshot,
            Changes = [.. root.CanBePublished ? root.Changes : [], .. roles.All.SelectMany(r => r.Changes), .. changes.Count == 0 && !root.CanBePublished ? (string[])["sign snapshot anew"] : []],
            Reverts = [.. roles.All.SelectMany(r => r.Reverts)],
            Loses = loses,
            Drops = DroppedMembers.Of(present, root.CanBePublished, changes, isKept: snapshot is not null),
            IsFirst = present is null,
        };
    }

    /// <summary>A snapshot of the operator's names every role's newest version, so that there is one with each update.</summary>
    private static SnapshotChange? SnapshotOf(TrustObservation observed, PublishedTrust? present, RootPlan root, bool isUpdate, DateTimeOffset now)
    {
        const int Years = 3;
        var keys = root.CanBePublished || present is null ? root.Change?.SnapshotKeys ?? [] : present.Root.SnapshotKeys;
        var key = keys.FirstOrDefault(k => observed.Declared.Held.Contains(k.CanonicalId) && k.CanonicalId == observed.Declared.SnapshotKey?.CanonicalId);
        return key is not null && (isUpdate || present!.SnapshotExpires - now < observed.Declared.WarnBefore)
            ? new SnapshotChange(Math.Max(present?.SnapshotVersion ?? 0, observed.Remembered.Snapshot) + 1, new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddYears(Years), key)
            : null;
    }

    private static TrustPlan Judged(DeclaredTrust declared, TrustPlan plan, RootPlan root, RolePlans roles)
    {
        var blocked = roles.All.Select(r => r.Blocked).OfType<string>().ToList();
        return plan.Pending is { } pending && !root.IsRenewal ? plan with { State = TrustState.Pending, Reason = TrustReasons.SignaturePending, Message = WaitsFor(declared, pending, root) }
            : blocked.Count > 0 ? plan with { State = TrustState.Pending, Reason = TrustReasons.KeyMissing, Message = TrustWords.Some(blocked, Shown) }
            : declared.IsSuspended ? plan with { State = TrustState.Suspended, Message = "suspended" }
            : plan.Pending is { } renewal ? plan with { Reason = TrustReasons.ExpiresSoon, Message = WaitsFor(declared, renewal, root) }
            : plan.Broken.Count > 0 ? plan with { Reason = TrustReasons.RoleUnverified, Message = plan.Broken[0] }
            : plan.Expiring.Count > 0 ? plan with { Reason = TrustReasons.ExpiresSoon, Message = plan.Expiring[0] }
            : plan.Drift.Count > 0 ? plan with { Reason = TrustReasons.Drifted, Message = plan.Drift[0] }
            : plan;
    }

    private static string WaitsFor(DeclaredTrust declared, PendingRoot pending, RootPlan root)
    {
        var invalid = pending.Missing.Where(id => pending.IsSignedInvalidly(id, declared.Signatures)).Select(TrustWords.Short).ToList();
        return FormattableString.Invariant(
            $"root {pending.Root.Version} waits for a signature of {string.Join(", ", pending.Missing.Select(TrustWords.Short))} ({string.Join("; ", root.Changes)}): sign what status.repositories[].pending.content holds, and add the signature to spec.root.signatures{(invalid.Count == 0 ? "" : $"; what spec.root.signatures has of {string.Join(", ", invalid)} is no signature of these bytes by that key")}");
    }

    /// <summary>When something comes near its end; what is near already is in the plan.</summary>
    private static DateTimeOffset? NextChange(TrustObservation observed, PublishedTrust? present, DateTimeOffset now)
    {
        IEnumerable<DateTimeOffset> ends = present is null ? [] : [present.Root.Expires, present.Targets.Expires, .. observed.Declared.SnapshotKey is null ? (DateTimeOffset[])[] : [present.SnapshotExpires], .. present.Delegated.Values.Select(d => d.Expires)];
        var next = ends.Where(e => e - now > observed.Declared.WarnBefore).ToList();
        return next.Count == 0 ? null : next.Min() - observed.Declared.WarnBefore;
    }
}
