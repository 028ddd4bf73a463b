using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Kubernetes.Connection;

/// <summary>From a cluster and a user, as kubeconfig writes them, to a connection.</summary>
internal static class KubeConfigReader
{
    public static KubernetesConnection Connection(KubeConfigEntry cluster, KubeConfigEntry user, TimeProvider time)
    {
        var server = Address(cluster, "server") ?? throw new KubeConfigException($"{cluster.File}: the cluster names no server.");
        return new KubernetesConnection
        {
            Server = server,
            CertificateAuthorities = Authorities(cluster),
            SkipTlsVerify = Flag(cluster.Value, "insecure-skip-tls-verify"),
            TlsServerName = cluster.Value.String("tls-server-name"),
            Proxy = Address(cluster, "proxy-url"),
            Credentials = Credentials(cluster, user, time),
            Impersonate = Impersonate(user.Value),
        };
    }

    private static ICredentialSource Credentials(KubeConfigEntry cluster, KubeConfigEntry user, TimeProvider time)
    {
        var certificate = Certificate(user);
        return certificate is not null && user.IsFile("client-certificate") && user.IsFile("client-key")
            ? new CertificateFileCredentials(Credentials(cluster, user, null, time), certificate, () => Certificate(user), time)
            : Credentials(cluster, user, certificate, time);
    }

    private static ICredentialSource Credentials(KubeConfigEntry cluster, KubeConfigEntry user, X509Certificate2? certificate, TimeProvider time)
    {
        if (user.PathOf("tokenFile") is { } file)
        {
            return new TokenFileCredentials(file, time, certificate);
        }

        if (user.Value.String("token") is { Length: > 0 } token)
        {
            return new FixedCredentials(new Credential { Authorization = new("Bearer", token), Certificate = certificate });
        }

        // After a token: kubectl runs no plugin for a user who has one.
        if (user.Value.Object("exec") is { } exec)
        {
            return new ExecCredentials(ExecPlugin.Read(exec, user, cluster), certificate, time);
        }

        if (user.Value.String("username") is { Length: > 0 } name)
        {
            var basic = Credential.Basic(name, user.Value.String("password") ?? "");
            return new FixedCredentials(new Credential { Authorization = basic.Authorization, Certificate = certificate });
        }

        if (user.Value.ContainsKey("auth-provider"))
        {
            throw new KubeConfigException($"{user.File}: auth-provider was removed from Kubernetes in 1.26; use an exec plugin.");
        }

        return new FixedCredentials(new Credential { Certificate = certificate });
    }

    private static X509Certificate2? Certificate(KubeConfigEntry user)
    {
        var certificate = user.Content("client-certificate");
        var key = user.Content("client-key");
        if (certificate is null && key is null)
        {
            return null;
        }

        try
        {
            return X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new KubeConfigException($"{user.File}: client-certificate and client-key are not a PEM certificate and its key.");
        }
    }

    private static IReadOnlyList<X509Certificate2> Authorities(KubeConfigEntry cluster)
    {
        if (cluster.Content("certificate-authority") is not { } pem)
        {
            return [];
        }

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new KubeConfigException($"{cluster.File}: certificate-authority contains no PEM certificate: {e.Message}", e);
        }

        return authorities.Count > 0 ? [.. authorities] : throw new KubeConfigException($"{cluster.File}: certificate-authority contains no PEM certificate.");
    }

    private static Impersonation? Impersonate(JsonObject user) => user.String("as") is { Length: > 0 } name
        ? new Impersonation(name)
        {
            Uid = user.String("as-uid"),
            Groups = Strings(user.Array("as-groups")),
            Extra = (user.Object("as-user-extra") ?? []).ToDictionary(e => e.Key, e => Strings(e.Value as JsonArray), StringComparer.Ordinal),
        }
        : null;

    private static Uri? Address(KubeConfigEntry entry, string member)
    {
        if (entry.Value.String(member) is not { Length: > 0 } text)
        {
            return null;
        }

        // Without a scheme kubectl takes http; a bare host is far more often a mistake than meant so, hence an error.
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "https" or "http" or "socks5"
            ? address
            : throw new KubeConfigException($"{entry.File}: {member} must be an http, https or socks5 URL.");
    }

    private static bool Flag(JsonObject value, string name) => value[name] is JsonValue v && v.TryGetValue(out bool flag) && flag;

    private static IReadOnlyList<string> Strings(JsonArray? list) => [.. (list ?? []).Select(n => n is JsonValue v && v.TryGetValue(out string? s) ? s : "")];
}
