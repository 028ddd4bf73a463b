using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Portcullis.Core.Identity;
using Portcullis.Core.Registries;
using Portcullis.Core.Registries.Requests;
using Portcullis.Gateway.Access;
using Portcullis.Gateway.Answers;
using static Portcullis.Core.Registries.Requests.RegistryRequest;

namespace Portcullis.Gateway;

/// <summary>
/// Every request of a client, from the raw line to the answer: which registry, what is asked for, whether it is allowed now, who answers it, and the line
/// in the audit.
/// </summary>
internal sealed class GatewayEndpoint(RegistryHosts hosts, GatewayAccess access, GatewayRoutes routes, OpenPaths open, GatewayRecords records)
{
    public async Task HandleAsync(HttpContext http)
    {
        var request = Read(http);
        if (!hosts.AreKnown)
        {
            await JsonAnswer.ErrorAsync(http, RegistryError.Unavailable(StatusCodes.Status503ServiceUnavailable, "the gateway is starting"));
            return;
        }

        if (hosts.Find(http.Request.Host.Value ?? "") is not { } registry)
        {
            await JsonAnswer.ErrorAsync(http, new RegistryError(RegistryError.NotFound, "NAME_UNKNOWN", $"no Registry has the host {http.Request.Host.Value}"));
            return;
        }

        switch (request)
        {
            case Invalid invalid:
                await RefuseAsync(http, registry, request, invalid.Error, GatewayCaller.Anonymous, "request");
                break;
            case TrustData trust when trust.Host != registry.Spec.Host:
                await RefuseAsync(http, registry, request, RegistryError.NameInvalid($"the trust data of {trust.Host} is not here: this is {registry.Spec.Host}"), GatewayCaller.Anonymous, "request");
                break;
            case Token or Ca:
                await open.AnswerAsync(http, registry, request);
                break;
            default:
                await DecideAsync(http, registry, request);
                break;
        }
    }

    private static RegistryRequest Read(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return RegistryRequestParser.Parse(http.Request.Method, query < 0 ? target : target[..query], query < 0 ? null : target[query..]);
    }

    private async Task DecideAsync(HttpContext http, Registry registry, RegistryRequest request)
    {
        var decision = access.Decide(request, registry, http.Request.Headers.Authorization.ToString());
        if (decision is AccessDecision.Refused refused)
        {
            if (refused.Challenge is { } challenge)
            {
                http.Response.Headers.WWWAuthenticate = challenge;
            }

            await RefuseAsync(http, registry, request, refused.Error, refused.Caller, refused.Rule);
            return;
        }

        var allowed = (AccessDecision.Allowed)decision;
        try
        {
            await routes.AnswerAsync(new GatewayExchange(http, registry, allowed.Caller) { Repository = allowed.Repository }, request);
            records.Allowed(http, registry, request, allowed.Caller, allowed.Rule);
        }
        catch (Exception e) when (GatewayFailures.Of(e, http) is { } refusal)
        {
            records.Failed(e, refusal.Error);
            if (!http.Response.HasStarted)
            {
                // What was copied from the registry's answer before it turned out to be none.
                http.Response.Clear();
            }

            foreach (var (name, value) in refusal.Headers)
            {
                http.Response.Headers[name] = value;
            }

            await RefuseAsync(http, registry, request, refusal.Error, allowed.Caller, "registry");
        }
    }

    private async Task RefuseAsync(HttpContext http, Registry registry, RegistryRequest request, RegistryError error, GatewayCaller caller, string rule)
    {
        records.Refused(http, registry, request, caller, rule, error);
        if (!http.Response.HasStarted)
        {
            await JsonAnswer.ErrorAsync(http, error);
        }
    }
}
