using Portcullis.Core.Repositories;
using Portcullis.Core.Signing;

namespace Portcullis.Signing;

/// <summary>Asks every verifier that is in use about a repository.</summary>
internal sealed class RepositoryFindings(IEnumerable<IImageVerifier> verifiers)
{
    private readonly Dictionary<SignatureVerifier, IImageVerifier> _verifiers = verifiers.ToDictionary(v => Enum.Parse<SignatureVerifier>(v.Name, ignoreCase: true));

    /// <param name="repository">Of a declared registry.</param>
    /// <param name="freshness">How new the findings must be.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    public async ValueTask<IReadOnlyDictionary<SignatureVerifier, TrustFinding>> OfAsync(RepositoryId repository, Freshness freshness, CancellationToken cancellationToken)
    {
        var found = new Dictionary<SignatureVerifier, TrustFinding>();
        foreach (var (name, verifier) in _verifiers)
        {
            found[name] = await verifier.FindAsync(repository, freshness, cancellationToken);
        }

        return found;
    }
}
