using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Clients.Git;
using Portcullis.Core;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Sources;

/// <summary>A Secret is missing, not for this source, or not what is needed. The message never holds its content.</summary>
internal sealed class SourceSecretException(string message) : Exception(message);

/// <summary>
/// Reads Secrets for sources: from the system namespace only, only those labelled with the source that asks, and credentials only for
/// the host they are bound to.
/// </summary>
internal sealed class SourceSecrets(IKubernetesClient client, SecretWatch watch)
{
    public static ApiResource Secrets { get; } = new("", "v1", "Secret", "secrets", true);

    public async Task<(GitCredentials? Credentials, string? Authority)> CredentialsAsync(GitSource source, GitUrl url, CancellationToken cancellationToken)
    {
        if (source.Spec.SecretRef is not { } reference)
        {
            return url.Transport == GitTransport.Ssh
                ? throw new SourceSecretException("ssh needs spec.secretRef with the keys identity and known_hosts")
                : (null, null);
        }

        var (data, secret) = await ReadAsync(source, reference, cancellationToken);
        var bound = secret.Object("metadata").Object("annotations").String(WellKnown.Annotations.AllowedHost);
        if (!string.Equals(bound, url.Host, StringComparison.OrdinalIgnoreCase))
        {
            throw new SourceSecretException(
                $"the Secret {reference.Name} is {(bound is null ? "bound to no host" : $"for the host {bound}")}, not for {url.Host}: annotate it {WellKnown.Annotations.AllowedHost}={url.Host}");
        }

        return url.Transport switch
        {
            GitTransport.Ssh => (Ssh(reference.Name, data), null),
            GitTransport.Https => (Https(reference.Name, data), data.GetValueOrDefault("ca.crt")),
            _ => (null, null),
        };
    }

    /// <summary>The keys whose signatures count now; null when the source asks for none.</summary>
    public async Task<GitKeyring?> VerifyingAsync(GitSource source, CancellationToken cancellationToken)
    {
        if (source.Spec.Verify?.SecretRef is not { } reference)
        {
            return null;
        }

        var (data, _) = await ReadAsync(source, reference, cancellationToken);
        var keys = new GitKeyring(data.Where(d => d.Key.EndsWith(".asc", StringComparison.Ordinal) || d.Key.EndsWith(".sshpub", StringComparison.Ordinal))
            .ToDictionary(d => d.Key, d => d.Value, StringComparer.Ordinal));
        return keys.Files.Count > 0 ? keys : throw new SourceSecretException($"the Secret {reference.Name} holds no public key: *.asc or *.sshpub");
    }

    /// <summary>What a receiver shares with its sender.</summary>
    public async Task<string> TokenAsync(GitSource source, SecretReference reference, CancellationToken cancellationToken)
    {
        var (data, _) = await ReadAsync(source, reference, cancellationToken);
        return data.GetValueOrDefault("token") is { Length: > 0 } token
            ? token
            : throw new SourceSecretException($"the Secret {reference.Name} has no key token");
    }

    private static GitCredentials.Ssh Ssh(string name, Dictionary<string, string> data) =>
        data.GetValueOrDefault("identity") is { } identity && data.GetValueOrDefault("known_hosts") is { } hosts
            ? new GitCredentials.Ssh(identity, hosts)
            : throw new SourceSecretException($"the Secret {name} needs the keys identity and known_hosts for ssh");

    private static GitCredentials? Https(string name, Dictionary<string, string> data)
    {
        if (data.GetValueOrDefault("bearerToken") is { } token)
        {
            return new GitCredentials.Bearer(token.Trim());
        }

        if (data.GetValueOrDefault("password") is { } password)
        {
            return new GitCredentials.Basic(data.GetValueOrDefault("username") ?? "git", password);
        }

        return data.ContainsKey("ca.crt") ? null : throw new SourceSecretException($"the Secret {name} needs the keys username and password, or bearerToken");
    }

    private async Task<(Dictionary<string, string> Data, JsonObject Secret)> ReadAsync(
        GitSource source, SecretReference reference, CancellationToken cancellationToken)
    {
        watch.Start();
        var secret = await client.GetAsync(Secrets, new ObjectKey(WellKnown.SystemNamespace, reference.Name), cancellationToken)
            ?? throw new SourceSecretException($"there is no Secret {reference.Name} in the namespace {WellKnown.SystemNamespace}");
        if (secret.Object("metadata").Object("labels").String(WellKnown.Labels.AllowedSource) != source.Key.Name)
        {
            throw new SourceSecretException(
                $"the Secret {reference.Name} is not for this source: label it {WellKnown.Labels.AllowedSource}={source.Key.Name}");
        }

        var data = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, _) in secret.Object("data") ?? [])
        {
            data[key] = Encoding.UTF8.GetString(Convert.FromBase64String(secret.Object("data").String(key) ?? ""));
        }

        return (data, secret);
    }
}
