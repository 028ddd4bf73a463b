using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Evidence;
using Portcullis.Kubernetes.Client;
using Portcullis.Up.Components;

namespace Portcullis.Up;

/// <summary>
/// The Secrets by which a Registry in Git reaches the private registry and Notary server of this run: their addresses, which differ from machine to machine,
/// and the key that signs their tokens; the keys by which a TrustDelegation makes trust data; all for the root source alone. And the key that signs what the
/// scanner attaches to images.
/// </summary>
internal sealed class LocalSecrets(KubernetesClient admin, StateFolder state, TokenSigningKey signing)
{
    public const string Registry = "up-registry";
    public const string Notary = "up-notary";
    public const string TrustRoot = "up-trust-root";
    public const string TrustTargets = "up-trust-targets";

    private static readonly WriteOptions Write = new("portcullis-up");

    public async Task ApplyAsync(string source, CancellationToken cancellationToken)
    {
        var key = await File.ReadAllTextAsync(signing.KeyFile, cancellationToken);
        var certificate = await File.ReadAllTextAsync(signing.CertificateFile, cancellationToken);
        await ApplyAsync(source, Registry, RegistryComponent.AddressOf(state), key, certificate, cancellationToken);
        await ApplyAsync(source, Notary, NotaryComponent.AddressOf(state), key, certificate, cancellationToken);
        await EnsureAsync(WellKnown.SystemNamespace, EvidenceKeys.Secret, null, () => new JsonObject { [EvidenceKeys.KeyName] = Base64(EvidenceKey.NewPem()) }, cancellationToken);
        await EnsureAsync(WellKnown.TrustNamespace, TrustRoot, source, NewRootKey, cancellationToken);
        await EnsureAsync(WellKnown.TrustNamespace, TrustTargets, source, NewTargetsKey, cancellationToken);
    }

    /// <summary>Makes a Secret once: what was signed by another key does not count.</summary>
    private async Task EnsureAsync(string @namespace, string name, string? source, Func<JsonObject> make, CancellationToken cancellationToken)
    {
        if (await admin.GetAsync(ClusterKinds.Secret, new ObjectKey(@namespace, name), cancellationToken) is null)
        {
            await admin.ApplyAsync(ClusterKinds.Secret, Secret(@namespace, name, source, make()), Write, cancellationToken);
        }
    }

    private Task<JsonObject> ApplyAsync(string source, string name, string url, string key, string certificate, CancellationToken cancellationToken) => admin.ApplyAsync(
        ClusterKinds.Secret,
        Secret(WellKnown.SystemNamespace, name, source, new JsonObject { ["url"] = Base64(url), ["tls.key"] = Base64(key), ["tls.crt"] = Base64(certificate) }),
        Write,
        cancellationToken);

    /// <param name="namespace">Where.</param>
    /// <param name="name">Its name.</param>
    /// <param name="source">The source that may name it; null for the operator's own.</param>
    /// <param name="data">Its values, in base64.</param>
    private static JsonObject Secret(string @namespace, string name, string? source, JsonObject data)
    {
        var metadata = new JsonObject { ["name"] = name, ["namespace"] = @namespace };
        if (source is not null)
        {
            metadata["labels"] = new JsonObject { [WellKnown.Labels.AllowedSource] = source };
        }

        return new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Secret", ["metadata"] = metadata, ["data"] = data };
    }

    /// <summary>With a certificate for every name: Notary's clients know a root key by its certificate, and go on with it when the server has lost its content.</summary>
    private static JsonObject NewRootKey()
    {
        using var key = NewSigningKey();
        var request = new CertificateRequest("CN=*", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddMinutes(-5), now.AddYears(10));
        return new JsonObject { ["root.key"] = Base64(key.ExportPkcs8PrivateKeyPem()), ["root.crt"] = Base64(certificate.ExportCertificatePem()) };
    }

    private static JsonObject NewTargetsKey()
    {
        using var key = NewSigningKey();
        return new JsonObject { ["targets.key"] = Base64(key.ExportPkcs8PrivateKeyPem()) };
    }

    private static ECDsa NewSigningKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
