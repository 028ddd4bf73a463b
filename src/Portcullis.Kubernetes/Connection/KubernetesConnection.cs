using System.Security.Cryptography.X509Certificates;

namespace Portcullis.Kubernetes.Connection;

/// <summary>
/// Where an API server is, which certificates are trusted for it and which credentials are sent to it: what a kubeconfig's context or a
/// pod's service account resolves to. Its text form names the server alone, so that it may be logged.
/// </summary>
public sealed class KubernetesConnection
{
    /// <summary>May carry a path (a proxy before several clusters); every request keeps it.</summary>
    public required Uri Server { get; init; }

    /// <summary>Whom the server's certificate must be signed by; empty means the machine's own trust.</summary>
    public IReadOnlyList<X509Certificate2> CertificateAuthorities { get; init; } = [];

    /// <summary>kubeconfig's <c>insecure-skip-tls-verify</c>, which only the user's file can set.</summary>
    public bool SkipTlsVerify { get; init; }

    /// <summary>The name the server's certificate is checked against, where it is not the host of <see cref="Server"/>.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>HTTP, HTTPS or SOCKS5 proxy, with user and password where it requires them; without one the environment may name it.</summary>
    public Uri? Proxy { get; init; }

    public ICredentialSource Credentials { get; init; } = FixedCredentials.None;

    public Impersonation? Impersonate { get; init; }

    public override string ToString() => Server.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}

/// <summary>Acts as somebody else (kubeconfig's <c>as</c>, <c>as-uid</c>, <c>as-groups</c>, <c>as-user-extra</c>).</summary>
public sealed record Impersonation(string User)
{
    public string? Uid { get; init; }

    public IReadOnlyList<string> Groups { get; init; } = [];

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
}
