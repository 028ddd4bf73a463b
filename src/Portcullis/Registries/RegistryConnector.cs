using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portcullis.Clients.Notary;
using Portcullis.Clients.Registry;
using Portcullis.Clients.Registry.Authorization;
using Portcullis.Core;
using Portcullis.Core.Registries;
using Portcullis.Http.Connections;
using Portcullis.Secrets;
using Portcullis.Tokens;

namespace Portcullis.Registries;

/// <summary>Makes the way to a registry from its declaration: which certificates count, and which credentials are sent.</summary>
internal sealed class RegistryConnector(BoundSecrets secrets, DeclaringSources sources, TimeProvider time)
{
    private const string DefaultIssuer = "portcullis";
    private const string DefaultService = "portcullis-upstream";

    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(5);

    /// <exception cref="RegistryUnavailableException">A Secret is missing or is not what it should be.</exception>
    public Task<RegistryConnection> ConnectAsync(Registry registry, CancellationToken cancellationToken) => GuardAsync(registry, async () =>
    {
        var upstream = registry.Spec.Upstream;
        var endpoint = await EndpointAsync(registry, upstream.Url, upstream.UrlSecretRef, cancellationToken);
        var credential = await CredentialAsync(registry, endpoint, cancellationToken);
        var authorization = await TokensAsync(registry, cancellationToken) is { } tokens ? new MintedAuthorization(tokens) : null;
        return await ConnectionAsync(registry, endpoint, upstream.CaSecretRef, authorization, credential, cancellationToken);
    });

    /// <summary>The way to the Notary server of a registry; null when it has none. Tokens for it are signed as the registry's are.</summary>
    /// <exception cref="RegistryUnavailableException">A Secret is missing or is not what it should be.</exception>
    public Task<RegistryConnection?> ConnectNotaryAsync(Registry registry, CancellationToken cancellationToken) => GuardAsync(registry, async () =>
    {
        if (registry.Spec.Notary is not { } notary)
        {
            return null;
        }

        var endpoint = await EndpointAsync(registry, notary.Url, notary.UrlSecretRef, cancellationToken);
        var authorization = await TokensAsync(registry, cancellationToken) is { } tokens ? new NotaryAuthorization(tokens) : null;
        return (RegistryConnection?)await ConnectionAsync(registry, endpoint, notary.CaSecretRef, authorization, null, cancellationToken);
    });

    private static async Task<T> GuardAsync<T>(Registry registry, Func<Task<T>> connect)
    {
        try
        {
            return await connect();
        }
        catch (BoundSecretException e)
        {
            throw new RegistryUnavailableException(RegistryReasons.SecretUnusable, e.Message);
        }
        catch (CryptographicException e)
        {
            throw new RegistryUnavailableException(RegistryReasons.SecretUnusable, $"the Secret of {registry.Key.Name}'s upstream: {e.Message}");
        }
    }

    private async Task<RegistryConnection> ConnectionAsync(
        Registry registry, RegistryEndpoint endpoint, SecretReference? authority, IRegistryAuthorization? authorization, RegistryCredential.Basic? credential, CancellationToken cancellationToken)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = System.Net.DecompressionMethods.None,
            ConnectTimeout = ConnectWithin,
            PooledConnectionLifetime = ConnectionLife,
        };
        var options = new RegistryClientOptions { Authorization = authorization, Credential = credential, Time = time };
        var (client, notary) = (RegistryClient.Create(endpoint, handler, options), NotaryClient.Create(endpoint, handler, options));
        var connection = new RegistryConnection(client, notary, handler, authorization ?? (credential is null ? null : new BasicAuthorization(credential)));
        handler.SslOptions = await TlsAsync(registry, authority, connection, cancellationToken);
        return connection;
    }

    private async Task<RegistryEndpoint> EndpointAsync(Registry registry, string? given, SecretReference? secret, CancellationToken cancellationToken)
    {
        var url = given ?? Value(await ReadAsync(registry, secret?.Name ?? "", cancellationToken), "url");
        return RegistryEndpoint.TryParse(url.Trim().TrimEnd('/'), allowPlainHttp: true)
            ?? throw new RegistryUnavailableException(RegistryReasons.InvalidUpstream, "the registry's address is not of the form https://HOST[:PORT]");
    }

    private async Task<RegistryCredential.Basic?> CredentialAsync(Registry registry, RegistryEndpoint endpoint, CancellationToken cancellationToken)
    {
        if (registry.Spec.Upstream.CredentialsSecretRef is not { } reference)
        {
            return null;
        }

        var secret = await ReadAsync(registry, reference.Name, cancellationToken);
        secret.RequireHost(endpoint.Authority);
        return new RegistryCredential.Basic(Value(secret, "username"), Value(secret, "password"));
    }

    private async Task<UpstreamTokens?> TokensAsync(Registry registry, CancellationToken cancellationToken)
    {
        var upstream = registry.Spec.Upstream;
        if (upstream.SigningSecretRef is not { } reference)
        {
            return null;
        }

        var secret = await ReadAsync(registry, reference.Name, cancellationToken);
        var key = UpstreamKey.Read(Value(secret, "tls.key"), Value(secret, "tls.crt"));
        return new UpstreamTokens(key, upstream.Issuer ?? DefaultIssuer, upstream.Service ?? DefaultService, time);
    }

    private async Task<SslClientAuthenticationOptions> TlsAsync(Registry registry, SecretReference? authority, RegistryConnection connection, CancellationToken cancellationToken)
    {
        var options = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            {
                if (certificate is X509Certificate2 presented)
                {
                    connection.Presented(new X509Certificate2(presented));
                }

                return errors == SslPolicyErrors.None;
            },
        };
        if (authority is { } reference)
        {
            options.CertificateChainPolicy = OwnAuthorities.Policy(Value(await ReadAsync(registry, reference.Name, cancellationToken), "ca.crt"));
        }

        return options;
    }

    private Task<BoundSecret> ReadAsync(Registry registry, string name, CancellationToken cancellationToken) =>
        secrets.ReadAsync(sources.Of(registry), name, cancellationToken);

    private static string Value(BoundSecret secret, string key) => secret.Find(key) ?? throw new BoundSecretException($"the Secret {secret.Name} has no key {key}");
}
