using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Kubernetes.Client;
using Portcullis.Up.Components;

namespace Portcullis.Up;

/// <summary>
/// The Secrets by which a Registry in Git reaches the private registry and Notary server of this run: their addresses, which differ from machine to machine,
/// and the key that signs their tokens. For the root source alone.
/// </summary>
internal sealed class LocalSecrets(KubernetesClient admin, StateFolder state, TokenSigningKey signing)
{
    public const string Registry = "up-registry";
    public const string Notary = "up-notary";

    private static readonly WriteOptions Write = new("portcullis-up");

    public async Task ApplyAsync(string source, CancellationToken cancellationToken)
    {
        var key = await File.ReadAllTextAsync(signing.KeyFile, cancellationToken);
        var certificate = await File.ReadAllTextAsync(signing.CertificateFile, cancellationToken);
        await ApplyAsync(source, Registry, RegistryComponent.AddressOf(state), key, certificate, cancellationToken);
        await ApplyAsync(source, Notary, NotaryComponent.AddressOf(state), key, certificate, cancellationToken);
    }

    private Task<JsonObject> ApplyAsync(string source, string name, string url, string key, string certificate, CancellationToken cancellationToken) => admin.ApplyAsync(
        ClusterKinds.Secret,
        new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = WellKnown.SystemNamespace,
                ["labels"] = new JsonObject { [WellKnown.Labels.AllowedSource] = source },
            },
            ["data"] = new JsonObject { ["url"] = Base64(url), ["tls.key"] = Base64(key), ["tls.crt"] = Base64(certificate) },
        },
        Write,
        cancellationToken);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
