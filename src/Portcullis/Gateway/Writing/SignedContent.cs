using Microsoft.AspNetCore.Http;
using Portcullis.Core.Registries.Requests;
using Portcullis.Core.Signing;
using Portcullis.Signing;

namespace Portcullis.Gateway.Writing;

/// <summary>
/// Keeps what is signed: a signature that names a tag which is gone would let nobody pull, and whoever may push could take a signed image away and put nothing
/// in its place. As with DTR the trust data goes first (409 TAG_IN_NOTARY; 405 for a repository).
/// </summary>
internal sealed class SignedContent(RepositoryFindings findings)
{
    /// <exception cref="GatewayRefusal">It is signed, or that cannot be found out now.</exception>
    public async Task EnsureDeletableAsync(GatewayExchange exchange, RegistryRequest.DeleteManifest request)
    {
        var gun = $"{exchange.Registry.Spec.Host}/{request.Repository}";
        var entries = (await TrustAsync(exchange, request.Repository)).SelectMany(t => request.IsByDigest ? t.OfDigest(request.Reference) : t.OfTag(request.Reference)).ToList();
        if (entries.Count > 0)
        {
            var roles = string.Join(" ", entries.Where(e => e.Role != "targets").Select(e => $"-r {e.Role}").Distinct(StringComparer.Ordinal));
            var tags = entries.Select(e => e.Tag).Distinct(StringComparer.Ordinal).ToList();
            throw new GatewayRefusal(new RegistryError(
                StatusCodes.Status409Conflict,
                "TAG_IN_NOTARY",
                $"{gun} has signatures of {string.Join(", ", tags)}: remove them first: {string.Join("; ", tags.Select(t => $"notary remove -p {gun} {t}{(roles.Length == 0 ? "" : $" {roles}")}"))}"));
        }
    }

    /// <exception cref="GatewayRefusal">It has signed tags, or that cannot be found out now.</exception>
    public async Task EnsureDeletableAsync(GatewayExchange exchange, RegistryRequest.DeleteRepository request)
    {
        var gun = $"{exchange.Registry.Spec.Host}/{request.Repository}";
        var tags = (await TrustAsync(exchange, request.Repository)).SelectMany(t => t.Targets).Select(t => t.Tag).Distinct(StringComparer.Ordinal).ToList();
        if (tags.Count > 0)
        {
            throw new GatewayRefusal(new RegistryError(
                StatusCodes.Status405MethodNotAllowed,
                "REPOSITORY_CONTAINS_TAGS_IN_NOTARY",
                $"{gun} has signed tags, {tags[0]}{(tags.Count == 1 ? "" : " among them")}: remove its TrustDelegation from Git, then its trust data: notary delete {gun} --remote"));
        }
    }

    /// <summary>What is signed, also by signatures that have expired: they are there all the same.</summary>
    private async Task<IReadOnlyList<RepositoryTrust>> TrustAsync(GatewayExchange exchange, string repository)
    {
        var found = await findings.OfAsync(exchange.IdOf(repository), Freshness.New, exchange.Aborted);
        foreach (var finding in found.Values)
        {
            switch (finding)
            {
                case TrustFinding.Unreachable away:
                    throw new GatewayRefusal(RegistryError.Unavailable(StatusCodes.Status503ServiceUnavailable, $"it cannot be found out whether it is signed: {away.Message}"));
                case TrustFinding.Rejected rejected:
                    throw new GatewayRefusal(new RegistryError(StatusCodes.Status409Conflict, "TAG_IN_NOTARY", $"{repository} has trust data that cannot be verified: {rejected.Message}"));
            }
        }

        return [.. found.Values.OfType<TrustFinding.Verified>().Select(v => v.Trust)];
    }
}
