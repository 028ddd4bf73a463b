using Portcullis.Core.Identity;
using Portcullis.Identity.Stored;

namespace Portcullis.Identity.Issuers;

/// <summary>The keys of each issuer, by what decides how they are read.</summary>
internal sealed class KnownIssuers(SourceSecrets secrets, TimeProvider time) : IDisposable
{
    private const int Most = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Issuer, string? Authorities), IssuerKeys> _known = [];

    /// <exception cref="Portcullis.Secrets.BoundSecretException">The Secret with the authorities cannot be used.</exception>
    public IssuerKeys KeysOf(IdentityProvider provider)
    {
        var oidc = provider.Spec.Oidc!;
        var authorities = oidc.CaSecretRef is { } reference ? secrets.Value(Providers.SourceOf(provider), reference.Name, "ca.crt") : null;
        lock (_gate)
        {
            if (_known.TryGetValue((oidc.Issuer, authorities), out var keys))
            {
                return keys;
            }

            if (_known.Count >= Most)
            {
                _known.Clear();
            }

            return _known[(oidc.Issuer, authorities)] = new IssuerKeys(new IssuerDocuments(oidc, authorities), time);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var keys in _known.Values)
            {
                keys.Dispose();
            }

            _known.Clear();
        }
    }
}
