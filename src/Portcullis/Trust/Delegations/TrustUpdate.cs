using Portcullis.Core.Trust;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Trust.Delegations;

/// <summary>The files of one update, signed.</summary>
internal sealed class TrustUpdate(ObservedTrust trust)
{
    /// <summary>By the names of roles.</summary>
    public IReadOnlyDictionary<string, byte[]> Of(TrustAction.Publish publish)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        if (publish.Root is { } root)
        {
            files[RoleNames.Root] = File(TrustContents.Of(root), root.SignWith, trust.Offline);
        }

        foreach (var role in publish.Roles)
        {
            files[role.Name] = File(TrustContents.Of(role, PresentOf(role.Name), keepsUnknown: publish.Snapshot is not null), role.SignWith, []);
        }

        if (publish.Snapshot is { } snapshot)
        {
            files[RoleNames.Snapshot] = File(TrustContents.Of(snapshot, trust.Set?.Snapshot?.Content, files), [snapshot.SignWith], []);
        }

        return files;
    }

    private TargetsRole? PresentOf(string role) => role == RoleNames.Targets ? trust.Set?.Targets?.Content : trust.Set?.Delegations.GetValueOrDefault(role)?.Signed.Content;

    private byte[] File(RoleContent content, IReadOnlyList<TufKey> signWith, IReadOnlyList<TufSignature> more)
    {
        var signed = content.ToSignedBytes();
        var own = signWith.Select(listed => (listed.Id, Key: trust.Keys[listed.CanonicalId])).Select(k => new TufSignature(k.Id, k.Key.Method, k.Key.Sign(signed)));
        return SignedFile.Of(signed, own.Concat(more).DistinctBy(s => s.KeyId));
    }
}
