using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Admission;

/// <summary>The serving certificate in a Secret, shared by all replicas and kept over restarts.</summary>
internal sealed class CertificateSecret(KubernetesClient client, TimeProvider time)
{
    public const string SecretName = "portcullis-admission-tls";

    private static readonly WriteOptions Writer = new(WellKnown.Managers.Admission);
    private static readonly ObjectKey Key = new(WellKnown.SystemNamespace, SecretName);

    /// <summary>As it is stored, or made anew where it cannot be used.</summary>
    /// <param name="names">Under which the server is called.</param>
    /// <param name="isRegistered">Whether the API server calls the webhooks by a segment: it is not replaced before, since two alone count.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public async Task<ServingCertificate> GetAsync(IReadOnlyList<string> names, Func<string, bool> isRegistered, CancellationToken cancellationToken)
    {
        // Of two replicas that create one at the same time the first wins, and the other reads it.
        for (var attempt = 0; ; attempt++)
        {
            var secret = await client.GetAsync(ClusterKinds.Secret, Key, cancellationToken);
            var stored = Read(secret);
            var now = time.GetUtcNow();
            var isUsable = stored?.IsUsable(names, now) == true;
            if (isUsable && !(stored!.IsSegmentDue(now) && isRegistered(stored.Segment)))
            {
                return stored;
            }

            var created = isUsable ? stored!.WithNewSegment(now) : ServingCertificate.Create(names, now, stored);
            try
            {
                await WriteAsync(secret, created, cancellationToken);
                return created;
            }
            catch (KubernetesApiException e) when (e.IsConflict && attempt < 3)
            {
                // Another replica was first.
            }
        }
    }

    private async Task WriteAsync(JsonObject? secret, ServingCertificate certificate, CancellationToken cancellationToken)
    {
        var data = new JsonObject
        {
            ["tls.crt"] = Encode(certificate.Certificate),
            ["tls.key"] = Encode(certificate.Key),
            ["ca.crt"] = Encode(certificate.Authority),
            ["segment"] = Encode(certificate.Segment),
            ["segment.replaced"] = Encode(certificate.Replaced ?? ""),
            ["segment.since"] = Encode(certificate.SegmentSince?.ToString("O", CultureInfo.InvariantCulture) ?? ""),
        };
        if (secret is not null)
        {
            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject { ["resourceVersion"] = secret.Object("metadata").String("resourceVersion") },
                ["data"] = data,
            };
            await client.MergePatchAsync(ClusterKinds.Secret, Key, patch, Writer, cancellationToken);
            return;
        }

        await EnsureNamespaceAsync(cancellationToken);
        await client.CreateAsync(
            ClusterKinds.Secret,
            new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Secret",
                ["metadata"] = new JsonObject
                {
                    ["name"] = SecretName,
                    ["namespace"] = WellKnown.SystemNamespace,
                    ["labels"] = new JsonObject { [WellKnown.Labels.ManagedBy] = WellKnown.Labels.ManagedByValue },
                },
                ["type"] = "kubernetes.io/tls",
                ["data"] = data,
            },
            Writer,
            cancellationToken);
    }

    private async Task EnsureNamespaceAsync(CancellationToken cancellationToken)
    {
        var key = ObjectKey.Cluster(WellKnown.SystemNamespace);
        if (await client.GetAsync(ClusterKinds.Namespace, key, cancellationToken) is not null)
        {
            return;
        }

        var body = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = WellKnown.SystemNamespace } };
        await client.ApplyAsync(ClusterKinds.Namespace, body, Writer, cancellationToken);
    }

    private static ServingCertificate? Read(JsonObject? secret)
    {
        var data = secret.Object("data");
        return Decode(data, "tls.crt") is { } certificate && Decode(data, "tls.key") is { } key && Decode(data, "ca.crt") is { } authority
            ? new ServingCertificate(certificate, key, authority, Decode(data, "segment") ?? "")
            {
                Replaced = Decode(data, "segment.replaced") is { Length: > 0 } replaced ? replaced : null,
                SegmentSince = DateTimeOffset.TryParse(Decode(data, "segment.since"), CultureInfo.InvariantCulture, out var since) ? since : null,
            }
            : null;
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string? Decode(JsonObject? data, string name)
    {
        var text = data.String(name);
        var bytes = new byte[text?.Length ?? 0];
        return text is not null && Convert.TryFromBase64String(text, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }
}
