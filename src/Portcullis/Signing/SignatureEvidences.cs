using Portcullis.Core.Criteria;
using Portcullis.Core.Repositories;
using Portcullis.Core.Signing;

namespace Portcullis.Signing;

/// <summary>The teams whose signature an image has, for the criteria of promotion and pull blocking.</summary>
internal sealed class SignatureEvidences(SigningState state, RepositoryFindings findings, TimeProvider time)
{
    /// <summary>Null when it is not known, as when the server is away.</summary>
    public async ValueTask<SignatureEvidence?> OfAsync(RepositoryId repository, string digest, CancellationToken cancellationToken)
    {
        var (teams, now) = (state.Current.Teams, time.GetUtcNow());
        var found = SignedTeams.Of([.. (await findings.OfAsync(repository, Freshness.Kept, cancellationToken)).Values], digest, teams, now);
        return found is { Teams.Count: > 0 } ? found : SignedTeams.Of([.. (await findings.OfAsync(repository, Freshness.Asked, cancellationToken)).Values], digest, teams, now);
    }
}
