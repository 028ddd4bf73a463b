using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Portcullis.Core.Webhooks;

/// <summary>Signs a delivery as the Standard Webhooks specification says (version 1, symmetric): HMAC-SHA256 over id, time and body.</summary>
public static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimeHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    private const string Prefix = "whsec_";

    /// <summary>The value of <c>webhook-signature</c>.</summary>
    /// <param name="secret">The receiver's secret: <c>whsec_</c> and base64, else any text.</param>
    /// <param name="id">The delivery, the same for every attempt, so that the receiver can tell repetitions.</param>
    /// <param name="at">The time of the attempt.</param>
    /// <param name="body">What is sent, byte for byte.</param>
    public static string Of(string secret, string id, DateTimeOffset at, string body)
    {
        var signed = string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}.{body}");
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(KeyOf(secret), Encoding.UTF8.GetBytes(signed)))}";
    }

    private static byte[] KeyOf(string secret)
    {
        var bytes = new byte[secret.Length];
        return secret.StartsWith(Prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(secret[Prefix.Length..], bytes, out var written)
            ? bytes[..written]
            : Encoding.UTF8.GetBytes(secret);
    }
}
