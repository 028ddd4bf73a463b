using Portcullis.Clients.Git;
using Portcullis.Core;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Secrets;
using Portcullis.Sources.Validate;

namespace Portcullis.Sources.Fetch;

/// <summary>What Git needs of a source's Secrets: credentials for the repository's host, and the keys whose signatures count.</summary>
internal sealed class SourceSecrets(BoundSecrets secrets, SecretWatch watch, SourceStates states, ReconcileTrigger<GitSource> trigger)
{
    private int _watching;

    public async Task<(GitCredentials? Credentials, string? Authority)> CredentialsAsync(GitSource source, GitUrl url, CancellationToken cancellationToken)
    {
        if (source.Spec.SecretRef is not { } reference)
        {
            return url.Transport == GitTransport.Ssh
                ? throw new BoundSecretException(SourceUrlRule.SshNeedsSecret)
                : (null, null);
        }

        var secret = await ReadAsync(source, reference, cancellationToken);
        secret.RequireHost(url.Host);
        return url.Transport switch
        {
            GitTransport.Ssh => (Ssh(secret), null),
            GitTransport.Https => (Https(secret), secret.Find("ca.crt")),
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

        var secret = await ReadAsync(source, reference, cancellationToken);
        var keys = new GitKeyring(secret.Data
            .Where(d => d.Key.EndsWith(".asc", StringComparison.Ordinal) || d.Key.EndsWith(".sshpub", StringComparison.Ordinal))
            .ToDictionary(d => d.Key, d => d.Value, StringComparer.Ordinal));
        return keys.Files.Count > 0 ? keys : throw new BoundSecretException($"the Secret {secret.Name} holds no public key: *.asc or *.sshpub");
    }

    /// <summary>What a receiver shares with its sender. Files end in a line end that the forge does not know.</summary>
    public async Task<string> TokenAsync(GitSource source, SecretReference reference, CancellationToken cancellationToken) =>
        WithoutLineEnd((await ReadAsync(source, reference, cancellationToken)).Find("token")) is { Length: > 0 } token
            ? token
            : throw new BoundSecretException($"the Secret {reference.Name} has no key token");

    private static string? WithoutLineEnd(string? value) => value?.TrimEnd('\r', '\n');

    private static GitCredentials.Ssh Ssh(BoundSecret secret) =>
        secret.Find("identity") is { } identity && secret.Find("known_hosts") is { } hosts
            ? new GitCredentials.Ssh(identity, hosts)
            : throw new BoundSecretException($"the Secret {secret.Name} needs the keys identity and known_hosts for ssh");

    private static GitCredentials? Https(BoundSecret secret)
    {
        if (secret.Find("bearerToken") is { } token)
        {
            return new GitCredentials.Bearer(token.Trim());
        }

        if (WithoutLineEnd(secret.Find("password")) is { } password)
        {
            return new GitCredentials.Basic(WithoutLineEnd(secret.Find("username")) ?? "git", password);
        }

        return secret.Find("ca.crt") is not null
            ? null
            : throw new BoundSecretException($"the Secret {secret.Name} needs the keys username and password, or bearerToken");
    }

    private Task<BoundSecret> ReadAsync(GitSource source, SecretReference reference, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _watching, 1) == 0)
        {
            watch.WhenChanged(FetchAgain);
        }

        return secrets.ReadAsync(source.Key.Name, reference.Name, cancellationToken);
    }

    private void FetchAgain(string source)
    {
        if (states.Find(ObjectKey.Cluster(source)) is { } state)
        {
            state.Report.ReceiverPaths = null;
            state.Fetch.Nudge();
            trigger.Enqueue(ObjectKey.Cluster(source));
        }
    }
}
