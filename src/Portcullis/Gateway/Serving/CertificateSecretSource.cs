using System.Text;
using Portcullis.Core;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Gateway.Serving;

/// <summary>A certificate in a Secret of the system namespace, of the type kubernetes.io/tls: what cert-manager writes.</summary>
internal sealed class CertificateSecretSource(KubernetesClient client, string secret) : ICertificateSource
{
    public string Name => $"the Secret {secret}";

    public async Task<CertificatePem> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var read = await client.GetAsync(ClusterKinds.Secret, new ObjectKey(WellKnown.SystemNamespace, secret), cancellationToken)
                ?? throw new CertificateException($"there is no Secret {secret} in the namespace {WellKnown.SystemNamespace}: the certificate of the gateway belongs there");
            string? Value(string key) => read.Object("data").String(key) is { } text ? Encoding.UTF8.GetString(Convert.FromBase64String(text)) : null;
            return new CertificatePem(Needed(Value("tls.crt"), "tls.crt"), Needed(Value("tls.key"), "tls.key"), Value("ca.crt"));
        }
        catch (Exception e) when (e is KubernetesApiException or HttpRequestException or FormatException)
        {
            throw new CertificateException($"the Secret {secret} cannot be read: {e.Message}", e);
        }
    }

    private string Needed(string? value, string key) => value ?? throw new CertificateException($"the Secret {secret} has no key {key}");
}
