using System.Globalization;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Trust;

/// <summary>What a TrustDelegation uses: it decides whose signatures count in repositories, and names people and teams.</summary>
internal static class TrustClaims
{
    public static IEnumerable<ScopeClaim> Of(TrustDelegationSpec spec) =>
    [
        .. spec.Repositories.Select((r, i) => new ScopeClaim.Repository(string.Create(CultureInfo.InvariantCulture, $"spec.repositories[{i}]"), r)),
        .. from role in (spec.Roles ?? []).Select((r, i) => (Role: r, Index: i))
           from signer in (role.Role.Signers ?? []).Select((s, i) => (Signer: s, Index: i))
           let claim = OfSigner(signer.Signer, string.Create(CultureInfo.InvariantCulture, $"spec.roles[{role.Index}].signers[{signer.Index}]"))
           where claim is not null
           select claim,
    ];

    private static ScopeClaim.Subject? OfSigner(TrustSigner signer, string field) => signer switch
    {
        { Team: { } team } => new ScopeClaim.Subject($"{field}.team", $"Team:{team}"),
        { User: { } user } => new ScopeClaim.Subject($"{field}.user", $"User:{user[(user.IndexOf('/', StringComparison.Ordinal) + 1)..]}"),
        _ => null,
    };
}
