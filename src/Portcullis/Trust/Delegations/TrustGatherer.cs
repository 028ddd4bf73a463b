using Portcullis.Core.Repositories;
using Portcullis.Core.Trust;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Registries;
using Portcullis.Trust.Keys;

namespace Portcullis.Trust.Delegations;

/// <summary>Reads what the trust data of a repository is planned by.</summary>
internal sealed class TrustGatherer(TrustStores stores, TrustSecrets secrets, RegistryConnections connections, SigningReader reader, TimeProvider time)
{
    /// <param name="id">The repository.</param>
    /// <param name="remembered">What this process remembers of it; null to take it from the statuses.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Null when nobody declares trust for it any more.</returns>
    public async Task<ObservedTrust?> ObserveAsync(RepositoryId id, RememberedTrust? remembered, CancellationToken cancellationToken)
    {
        var declarations = stores.Of(id);
        if (declarations.Count == 0 || stores.Registry(id.Registry) is not { } registry)
        {
            return null;
        }

        var (resolved, keys) = await ResolveAsync(declarations, cancellationToken);
        var declared = DeclaredTrust.Of($"{registry.Spec.Host}/{id.Name}", id.Name, resolved);
        var statuses = declarations.Select(d => d.Status?.Repositories?.FirstOrDefault(r => r.Repository == id.Name)).OfType<RepositoryTrustStatus>().ToList();
        var answer = await AskAsync(registry, declared, declarations, cancellationToken);
        var listed = (answer.Trust as ServerTrust.Present)?.Trust.Root.RootKeys ?? [];
        var pending = statuses.Select(s => TrustContents.ReadPending(s.Pending?.Content)).FirstOrDefault(p => p is not null);
        var offline = pending is null ? [] : OfflineSignatures.Of(declared.Signatures, pending.Root, listed);
        var observed = new TrustObservation(declared, answer.Trust)
        {
            RootCertificates = RootCertificates.Of(declared.Gun, declared.RootKeys, listed, time.GetUtcNow() + declared.WarnBefore, canonical => keys.TryGetValue(canonical, out var key) ? RootCertificate.Make(declared.Gun, key, time.GetUtcNow()) : null),
            ServerKeys = PendingServerKeys.Of(declared, answer, pending),
            Remembered = remembered ?? Highest(statuses),
            PendingBefore = pending,
            SignedOffline = offline.Select(s => s.KeyId).ToHashSet(StringComparer.Ordinal),
        };
        return new ObservedTrust(observed, answer.Server, answer.Set, keys, offline);
    }

    private async Task<(List<ResolvedTrust> Resolved, Dictionary<string, TrustSigningKey> Keys)> ResolveAsync(IReadOnlyList<TrustDelegation> declarations, CancellationToken cancellationToken)
    {
        var resolved = new List<ResolvedTrust>();
        var keys = new Dictionary<string, TrustSigningKey>(StringComparer.Ordinal);
        foreach (var declaration in declarations)
        {
            var opened = await secrets.ReadAsync(declaration, cancellationToken);
            resolved.Add(ResolvedTrust.Of(declaration, stores.Organization, opened.ToDictionary(o => o.Key, o => o.Value.Keys, StringComparer.Ordinal), time.GetUtcNow()));
            foreach (var key in opened.Values.SelectMany(o => o.Private))
            {
                keys.TryAdd(key.PublicKey.CanonicalId, key);
            }
        }

        return (resolved, keys);
    }

    private async Task<ServerAnswer> AskAsync(Core.Registries.Registry registry, DeclaredTrust declared, IReadOnlyList<TrustDelegation> declarations, CancellationToken cancellationToken)
    {
        try
        {
            if (await connections.ConnectNotaryAsync(registry, cancellationToken) is not { Notary: var server })
            {
                return new ServerAnswer(new ServerTrust.Unreachable($"the Registry {registry.Key} has no Notary server"));
            }

            // While a root key is replaced, the one before has still signed what is published.
            var roots = declared.RootKeys.Concat(declared.By.SelectMany(d => d.HeldRootKeys)).Select(k => k.CanonicalId)
                .Concat(declarations.SelectMany(d => d.Status?.RootKeys ?? []))
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
            var asksForKeys = declared.Problems.Count == 0 && !declared.IsSuspended;
            return await reader.ReadAsync(server, new TrustAnchor(declared.Gun, [.. roots]), asksForKeys, cancellationToken);
        }
        catch (RegistryUnavailableException e)
        {
            return new ServerAnswer(new ServerTrust.Unreachable(e.Message));
        }
    }

    /// <summary>Each declaration remembers by itself; one may have been away.</summary>
    private static RememberedTrust Highest(IReadOnlyList<RepositoryTrustStatus> statuses) => statuses.Select(TrustStatus.Remembered).Aggregate(RememberedTrust.Nothing, (a, b) => new RememberedTrust(
        a.Root > b.Root ? a.Declared : b.Declared ?? a.Declared, Math.Max(a.Root, b.Root), Math.Max(a.Targets, b.Targets), Math.Max(a.Snapshot, b.Snapshot), Math.Max(a.Timestamp, b.Timestamp)));
}
