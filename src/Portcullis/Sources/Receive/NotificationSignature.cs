using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Portcullis.Core.Sources;

namespace Portcullis.Sources.Receive;

/// <summary>How each forge proves that a notice is its own, in its documentation's words. Compared in constant time.</summary>
internal static class NotificationSignature
{
    private const string Number = "webhook-id";

    private static readonly string[] UsualEvents = ["push", "create", "Push Hook", "Tag Push Hook", "System Hook"];

    public static bool IsGood(ReceiverType type, IHeaderDictionary headers, byte[] body, string token) => type switch
    {
        ReceiverType.GitLab => Same(headers["X-Gitlab-Token"].ToString(), token),
        ReceiverType.GitHub or ReceiverType.Gitea or ReceiverType.GenericHmac => SignedBy(type, headers, body, token) is not null,
        _ => false,
    };

    /// <summary>
    /// What a forge signs itself: the same again is a copy, whatever number it carries, since forges do not sign the number. It is the signature that matches,
    /// whatever other headers say. Null where no content is signed, or nothing matches.
    /// </summary>
    public static string? SignedBy(ReceiverType type, IHeaderDictionary headers, byte[] body, string token) => type switch
    {
        ReceiverType.GitHub => Hmac(headers["X-Hub-Signature-256"].ToString(), "sha256=", body, token),
        ReceiverType.Gitea => Hmac(headers["X-Gitea-Signature"].ToString(), "", body, token)
            ?? Hmac(headers["X-Hub-Signature-256"].ToString(), "sha256=", body, token),
        ReceiverType.GenericHmac => Hmac(headers["X-Signature"].ToString(), "sha256=", WithId(headers, body), token),
        _ => null,
    };

    /// <summary>Why a notice of this receiver's is not good.</summary>
    public static string WhyRefused(GitReceiver receiver, IHeaderDictionary headers)
    {
        string[] expected = receiver.Type switch
        {
            ReceiverType.GitHub => ["X-Hub-Signature-256"],
            ReceiverType.Gitea => ["X-Gitea-Signature", "X-Hub-Signature-256"],
            ReceiverType.GitLab => ["X-Gitlab-Token"],
            _ => ["X-Signature"],
        };
        return Array.Find(expected, headers.ContainsKey) is { } given
            ? $"the header {given} does not match the key token of the Secret {receiver.SecretRef.Name}{(IsNumbered(receiver.Type, headers) ? $"; with the header {Number}, the number, a dot and the body are signed" : "")}"
            : $"it has no header {expected[0]}: check that the sender is {NameOf(receiver.Type)} and that it knows the token of the Secret {receiver.SecretRef.Name}";
    }

    private static string NameOf(ReceiverType type) => type == ReceiverType.GenericHmac ? "set up for generic-hmac" : type.ToString();

    /// <summary>Pings and events that nobody asked for are answered politely and change nothing.</summary>
    public static bool IsWanted(GitReceiver receiver, IHeaderDictionary headers)
    {
        var name = headers["X-GitHub-Event"].FirstOrDefault() ?? headers["X-Gitea-Event"].FirstOrDefault() ?? headers["X-Gitlab-Event"].FirstOrDefault();
        return name is null || (receiver.Events is { Count: > 0 } events ? events : UsualEvents).Contains(name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The sender's own number of the notice, where it gives one: the same one does not count twice.</summary>
    public static string? IdOf(IHeaderDictionary headers) =>
        headers["X-GitHub-Delivery"].FirstOrDefault()
        ?? headers["X-Gitea-Delivery"].FirstOrDefault()
        ?? headers["X-Gitlab-Event-UUID"].FirstOrDefault()
        ?? headers[Number].FirstOrDefault();

    private static bool IsNumbered(ReceiverType type, IHeaderDictionary headers) => type == ReceiverType.GenericHmac && headers.ContainsKey(Number);

    /// <summary>A sender of our own way of signing signs the number with the body, so that nobody can send the body again under another.</summary>
    private static byte[] WithId(IHeaderDictionary headers, byte[] body) =>
        headers[Number].FirstOrDefault() is { } id ? [.. Encoding.UTF8.GetBytes(id + "."), .. body] : body;

    /// <summary>The code, without its prefix; null when it does not match.</summary>
    private static string? Hmac(string given, string prefix, byte[] body, string token)
    {
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(token), body));
        return Same(given, prefix + expected) ? expected : null;
    }

    /// <summary>Hashed first, so that not even the length shows.</summary>
    public static bool Same(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));
}
