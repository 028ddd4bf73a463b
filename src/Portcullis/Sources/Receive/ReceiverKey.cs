using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;
using Portcullis.Secrets;

namespace Portcullis.Sources.Receive;

/// <summary>
/// A random value of this installation, from which the paths of receivers are derived: who reads a path in a status learns nothing of the token.
/// Kept in a Secret, so that forges need not be told another path after a restart.
/// </summary>
internal sealed class ReceiverKey(KubernetesClient client)
{
    public const string SecretName = "portcullis-receivers";

    private const string Entry = "path-key";
    private const int Length = 32;
    private const int Attempts = 3;

    private static readonly ObjectKey Key = new(WellKnown.SystemNamespace, SecretName);
    private static readonly WriteOptions Writer = new(WellKnown.Managers.GitSources);

    private byte[]? _known;

    /// <exception cref="BoundSecretException">The Secret can be neither read nor made.</exception>
    public async Task<byte[]> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            return _known ??= await ReadOrMakeAsync(cancellationToken);
        }
        catch (KubernetesApiException e)
        {
            throw new BoundSecretException($"the Secret {SecretName} of the namespace {WellKnown.SystemNamespace}, from which paths are derived, cannot be read or made: {e.Message}");
        }
    }

    private async Task<byte[]> ReadOrMakeAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var secret = await client.GetAsync(ClusterKinds.Secret, Key, cancellationToken);
            if (Read(secret) is { } stored)
            {
                return stored;
            }

            var made = RandomNumberGenerator.GetBytes(Length);
            try
            {
                await WriteAsync(secret, made, cancellationToken);
                return made;
            }
            catch (KubernetesApiException e) when (e.IsConflict && attempt < Attempts)
            {
                // Another copy of the program was first.
            }
        }
    }

    private async Task WriteAsync(JsonObject? secret, byte[] key, CancellationToken cancellationToken)
    {
        var data = new JsonObject { [Entry] = Convert.ToBase64String(key) };
        if (secret is null)
        {
            var body = new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Secret",
                ["metadata"] = new JsonObject
                {
                    ["name"] = SecretName,
                    ["namespace"] = WellKnown.SystemNamespace,
                    ["labels"] = new JsonObject { [WellKnown.Labels.ManagedBy] = WellKnown.Labels.ManagedByValue },
                },
                ["data"] = data,
            };
            await client.CreateAsync(ClusterKinds.Secret, body, Writer, cancellationToken);
            return;
        }

        var metadata = new JsonObject { ["resourceVersion"] = secret.Object("metadata").String("resourceVersion") };
        await client.MergePatchAsync(ClusterKinds.Secret, Key, new JsonObject { ["metadata"] = metadata, ["data"] = data }, Writer, cancellationToken);
    }

    private static byte[]? Read(JsonObject? secret)
    {
        var text = secret.Object("data").String(Entry) ?? "";
        var key = new byte[text.Length];
        return Convert.TryFromBase64String(text, key, out var length) && length >= Length ? key[..length] : null;
    }
}
