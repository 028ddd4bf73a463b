using Portcullis.Core.Identity;

namespace Portcullis.Identity.Stored;

/// <summary>From the Organizations and access tokens that there are now.</summary>
internal sealed class CallerFacts(OrganizationUsers organizations, KnownAccessTokens tokens) : ICallerFacts
{
    public IReadOnlyCollection<string> GroupsOf(string user, IReadOnlyCollection<string> reported) =>
        organizations.GroupsOf(user) is { Count: > 0 } groups ? reported.Count == 0 ? groups : [.. reported, .. groups] : reported;

    public AccessTokenLimit? LimitOf(string accessToken, string user, string? proof) =>
        tokens.Find(accessToken) is { } found && found.User == user && LoginProofs.FingerprintOf(found) == proof ? found.Limit : null;
}
