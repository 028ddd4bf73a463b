using Portcullis.Core.Repositories;
using Portcullis.Evidence;
using Portcullis.Secrets;

namespace Portcullis.Scans;

/// <summary>The keys of those whose documents count in a repository.</summary>
internal sealed class EvidenceAuthors(BoundSecrets secrets, DeclaringSources sources)
{
    /// <summary>The key of the Secret.</summary>
    private const string PublicKey = "publicKey";

    /// <summary>An author whose key cannot be used is left out: his documents do not count then.</summary>
    public async Task<IReadOnlyList<(string Name, EvidenceKey Key)>> OfAsync(Repository repository, CancellationToken cancellationToken)
    {
        var keys = new List<(string Name, EvidenceKey Key)>();
        foreach (var author in repository.Spec.EvidenceAuthors ?? [])
        {
            if (await PemAsync(repository, author, cancellationToken) is { } pem && EvidenceKey.Of(pem) is { } key)
            {
                keys.Add((author.Name, key));
            }
        }

        return keys;
    }

    private async Task<string?> PemAsync(Repository repository, EvidenceAuthor author, CancellationToken cancellationToken)
    {
        if (author.SecretRef is not { } reference)
        {
            return author.PublicKey;
        }

        try
        {
            return (await secrets.ReadAsync(sources.Of(repository), reference.Name, cancellationToken)).Find(PublicKey);
        }
        catch (BoundSecretException)
        {
            return null;
        }
    }
}
