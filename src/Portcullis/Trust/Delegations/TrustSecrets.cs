using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Portcullis.Core;
using Portcullis.Core.Trust;
using Portcullis.Secrets;

namespace Portcullis.Trust.Delegations;

/// <summary>
/// Reads the Secrets that TrustDelegations name, each for the source that declares it. Opening an encrypted key takes tens of milliseconds on purpose,
/// so that a Secret is opened once for as long as its content stays the same.
/// </summary>
internal sealed class TrustSecrets(BoundSecrets secrets, DeclaringSources sources)
{
    /// <summary>Secrets are asked for by so many requests at once.</summary>
    private const int AtOnce = 8;

    private readonly ConcurrentDictionary<string, (string Digest, OpenedSecret Opened)> _opened = new(StringComparer.Ordinal);

    /// <summary>The Secrets that a declaration names, each once.</summary>
    public static IReadOnlyCollection<string> NamesOf(TrustDelegationSpec spec) => new[] { spec.Root.KeySecretRef, spec.Targets?.KeySecretRef, spec.SnapshotKeySecretRef }
        .Concat((spec.Roles ?? []).SelectMany(r => r.Signers ?? []).Select(s => s.SecretRef))
        .OfType<Core.SecretReference>().Select(r => r.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>What each of them holds; one that cannot be used says why.</summary>
    public async Task<IReadOnlyDictionary<string, OpenedSecret>> ReadAsync(TrustDelegation declaration, CancellationToken cancellationToken)
    {
        var source = sources.Of(declaration);
        var found = new ConcurrentDictionary<string, OpenedSecret>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            NamesOf(declaration.Spec), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (name, token) => found[name] = await ReadAsync(source, name, token));
        return found;
    }

    private async Task<OpenedSecret> ReadAsync(string source, string name, CancellationToken cancellationToken)
    {
        try
        {
            var secret = await secrets.ReadAsync(WellKnown.TrustNamespace, source, name, cancellationToken);
            var digest = DigestOf(secret);
            if (_opened.TryGetValue($"{source}/{name}", out var kept) && kept.Digest == digest)
            {
                return kept.Opened;
            }

            var opened = OpenedSecret.Of(secret);
            _opened[$"{source}/{name}"] = (digest, opened);
            return opened;
        }
        catch (BoundSecretException e)
        {
            return new OpenedSecret(SecretKeys.Unusable(e.Message), []);
        }
    }

    private static string DigestOf(BoundSecret secret)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (key, value) in secret.Data.OrderBy(d => d.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{key.Length} {key} {value.Length} {value} "));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
