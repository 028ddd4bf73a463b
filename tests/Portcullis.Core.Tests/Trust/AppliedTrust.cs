using Portcullis.Core.Trust;

namespace Portcullis.Core.Tests.Trust;

/// <summary>What a server has after an update.</summary>
internal static class AppliedTrust
{
    public static TrustObservation Apply(TrustObservation observed, TrustPlan plan)
    {
        foreach (var publish in plan.Actions.OfType<TrustAction.Publish>())
        {
            observed = observed with { Server = new ServerTrust.Present(Published(observed, publish)) };
        }

        return observed with { Remembered = new TrustReport("admin/flask", observed, plan with { Actions = [] }, []).Remembered };
    }

    private static PublishedTrust Published(TrustObservation observed, TrustAction.Publish publish)
    {
        var before = (observed.Server as ServerTrust.Present)?.Trust;
        var roles = publish.Roles.ToDictionary(r => r.Name, r => Role(r, before?.Find(r.Name)), StringComparer.Ordinal);
        var delegated = new Dictionary<string, PublishedRole>(before?.Delegated ?? new Dictionary<string, PublishedRole>(), StringComparer.Ordinal);
        foreach (var (name, role) in roles.Where(r => r.Key != DelegationName.Top))
        {
            delegated[name] = role;
        }

        var targets = roles.GetValueOrDefault(DelegationName.Top) ?? before!.Targets;
        var listed = delegated.Values.Append(targets).SelectMany(r => r.Delegations).DistinctBy(d => d.Name).ToDictionary(d => d.Name, StringComparer.Ordinal);
        return new PublishedTrust
        {
            Root = publish.Root is { } root
                ? new PublishedRoot(root.Version, root.Expires) { RootKeys = root.RootKeys, TargetsKeys = root.TargetsKeys, SnapshotKeys = root.SnapshotKeys, TimestampKeys = root.TimestampKeys }
                : before!.Root,
            Targets = targets,
            SnapshotVersion = publish.Snapshot?.Version ?? (before?.SnapshotVersion ?? 0) + 1,
            SnapshotExpires = publish.Snapshot?.Expires ?? before?.SnapshotExpires ?? publish.Roles[0].Expires,
            TimestampVersion = (before?.TimestampVersion ?? 0) + 1,

            // What nobody delegates to any more, or was signed by a key that was taken away, does not verify.
            Delegated = delegated.Where(d => listed.TryGetValue(d.Key, out var by) && d.Value.Signers.Count(s => by.Keys.Any(k => k.CanonicalId == s)) >= by.Threshold)
                .ToDictionary(d => d.Key, d => d.Value, StringComparer.Ordinal),
        };
    }

    private static PublishedRole Role(RoleChange change, PublishedRole? before) => new(change.Name, change.Version, change.Expires)
    {
        Delegations = change.Delegations,
        Tags = before?.Tags ?? [],
        Signers = [.. change.SignWith.Select(k => k.CanonicalId)],
    };
}
