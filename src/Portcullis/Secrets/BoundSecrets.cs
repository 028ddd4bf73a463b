using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Secrets;

/// <summary>
/// Reads Secrets for objects that a source declared: from the program's own namespaces only, and only those labelled with the source that asks.
/// Every kind that refers to a Secret asks here (design section 8).
/// </summary>
internal sealed class BoundSecrets(KubernetesClient client)
{
    public static ApiResource Resource => ClusterKinds.Secret;

    /// <summary>From the system namespace.</summary>
    /// <param name="source">The GitSource on whose behalf the Secret is used.</param>
    /// <param name="name">The Secret's name.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="BoundSecretException">There is no such Secret, or it is not for this source.</exception>
    public Task<BoundSecret> ReadAsync(string source, string name, CancellationToken cancellationToken) =>
        ReadAsync(WellKnown.SystemNamespace, source, name, cancellationToken);

    /// <param name="namespace">One of the program's own namespaces.</param>
    /// <param name="source">The GitSource on whose behalf the Secret is used.</param>
    /// <param name="name">The Secret's name.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="BoundSecretException">There is no such Secret, or it is not for this source.</exception>
    public async Task<BoundSecret> ReadAsync(string @namespace, string source, string name, CancellationToken cancellationToken)
    {
        var secret = await client.GetAsync(Resource, new ObjectKey(@namespace, name), cancellationToken)
            ?? throw new BoundSecretException($"there is no Secret {name} in the namespace {@namespace} with the label {WellKnown.Labels.AllowedSource}={source}");
        if (source.Length == 0 || secret.Object("metadata").Object("labels").String(WellKnown.Labels.AllowedSource) != source)
        {
            throw new BoundSecretException($"the Secret {name} is not for this source: label it {WellKnown.Labels.AllowedSource}={source}");
        }

        return new BoundSecret(name, Decode(name, secret), secret.Object("metadata").Object("annotations").String(WellKnown.Annotations.AllowedHost));
    }

    private static Dictionary<string, string> Decode(string name, JsonObject secret)
    {
        var data = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, _) in secret.Object("data") ?? [])
        {
            try
            {
                data[key] = Encoding.UTF8.GetString(Convert.FromBase64String(secret.Object("data").String(key) ?? ""));
            }
            catch (FormatException)
            {
                throw new BoundSecretException($"the key {key} of the Secret {name} is not base64");
            }
        }

        return data;
    }
}

/// <summary>A Secret that may be used, with the one host that its credentials may be sent to.</summary>
internal sealed class BoundSecret(string name, IReadOnlyDictionary<string, string> data, string? host)
{
    public string Name => name;

    public IReadOnlyDictionary<string, string> Data => data;

    /// <summary>The value of a key; null when the Secret has none.</summary>
    public string? Find(string key) => data.GetValueOrDefault(key);

    /// <summary>Credentials go to the host that the Secret is bound to and to no other.</summary>
    /// <exception cref="BoundSecretException">It is bound to another host, or to none.</exception>
    public void RequireHost(string asked)
    {
        if (!string.Equals(host, asked, StringComparison.OrdinalIgnoreCase))
        {
            throw new BoundSecretException(
                $"the Secret {name} is {(host is null ? "bound to no host" : $"for the host {host}")}, not for {asked}: annotate it {WellKnown.Annotations.AllowedHost}={asked}");
        }
    }
}

/// <summary>A Secret is missing, not for this source, or not what is needed. The message never holds its content.</summary>
internal sealed class BoundSecretException(string message) : Exception(message);
