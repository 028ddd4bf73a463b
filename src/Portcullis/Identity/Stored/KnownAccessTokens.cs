using System.Runtime.CompilerServices;
using Portcullis.Core;
using Portcullis.Core.Identity;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Identity.Stored;

/// <summary>The personal access tokens that there are now: one whose Secret is deleted is gone at once.</summary>
internal sealed class KnownAccessTokens(IStore<AccessTokenSecret> secrets, TimeProvider time)
{
    // A store hands out one object until it changes, so each is read once.
    private readonly ConditionalWeakTable<AccessTokenSecret, AccessTokenRecord?> _read = [];

    /// <summary>Null when there is no token of that name that counts now.</summary>
    public AccessTokenRecord? Find(string name) =>
        secrets.Get(new ObjectKey(WellKnown.SystemNamespace, name)) is { Metadata.IsBeingDeleted: false } secret
        && _read.GetValue(secret, Read) is { } record && !record.HasExpired(time.GetUtcNow())
            ? record
            : null;

    private static AccessTokenRecord? Read(AccessTokenSecret secret) =>
        AccessTokenRecord.Read(secret.Metadata.Key.Name, secret.Metadata.Label(WellKnown.Labels.AccessTokenOf), key => SecretText.Of(secret.Data, key));
}
