using System.Net.Security;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using Portcullis.Core.Identity;
using Portcullis.Http.Connections;
using Portcullis.Http.Egress;
using Portcullis.Objects.Json;

namespace Portcullis.Identity.Issuers;

/// <summary>
/// Reads an issuer's documents (OpenID Connect Discovery 1.0, section 4). The issuer's own host may have a private address, since the root source names
/// it; a host that its document names may not.
/// </summary>
internal sealed class IssuerDocuments : IDisposable
{
    private const int LargestDocument = 512 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly OidcIssuer _issuer;
    private readonly HttpClient _http;

    /// <param name="issuer">Which one.</param>
    /// <param name="authorities">In PEM; null for those of the system.</param>
    public IssuerDocuments(OidcIssuer issuer, string? authorities)
    {
        _issuer = issuer;
        var handler = new EgressGuard(EgressRules.Parse([new Uri(issuer.Issuer).Host], out _)).CreateHandler();
        if (authorities is not null)
        {
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = OwnAuthorities.Policy(authorities) };
        }

        _http = new HttpClient(handler) { Timeout = Patience, MaxResponseContentBufferSize = LargestDocument };
    }

    /// <exception cref="IssuerUnavailableException">It does not answer, or not as an issuer does.</exception>
    public async Task<IList<SecurityKey>> ReadKeysAsync(CancellationToken cancellationToken)
    {
        var configuration = await ReadAsync($"{_issuer.Issuer.TrimEnd('/')}/.well-known/openid-configuration", cancellationToken);
        if (configuration.String("issuer") != _issuer.Issuer)
        {
            throw new IssuerUnavailableException($"its configuration is that of another issuer, {configuration.String("issuer")}");
        }

        var address = configuration.String("jwks_uri");
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != new Uri(_issuer.Issuer).Scheme))
        {
            throw new IssuerUnavailableException($"its configuration has no https address of its keys, but \"{address}\"");
        }

        var document = await ReadAsync(address, cancellationToken);
        try
        {
            var keys = new JsonWebKeySet(document.ToJsonString()).GetSigningKeys();
            return keys.Count > 0 ? keys : throw new IssuerUnavailableException($"{address} lists no key for signatures");
        }
        catch (ArgumentException e)
        {
            throw new IssuerUnavailableException($"{address} is no list of keys: {e.Message}");
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonObject> ReadAsync(string address, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(address), cancellationToken);
            answer.EnsureSuccessStatusCode();
            return JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken)) as JsonObject
                ?? throw new IssuerUnavailableException($"{address} is no JSON object");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new IssuerUnavailableException($"{address} cannot be read: {(e.InnerException as EgressRefusedException ?? e).Message}");
        }
    }
}
