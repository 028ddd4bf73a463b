using System.Security.Cryptography;
using System.Text;
using Portcullis.Core.Repositories;

namespace Portcullis.Core.Webhooks;

/// <summary>Names of deliveries: the same for the same event and webhook, so that recording an event twice makes one delivery.</summary>
public static class DeliveryNames
{
    private const int LongestPrefix = 150;

    /// <param name="repository">The Repository object.</param>
    /// <param name="webhook">The webhook's name.</param>
    /// <param name="one">The event.</param>
    /// <param name="occurrence">What makes it this very occurrence: the id of the claim.</param>
    public static string Of(string repository, string webhook, WebhookEvent one, string occurrence)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{repository}\n{webhook}\n{one}\n{occurrence}"));
        var prefix = repository.Length <= LongestPrefix ? repository : repository[..LongestPrefix].TrimEnd('-', '.');
        return $"{prefix}.{webhook}.{Convert.ToHexStringLower(hash.AsSpan(0, 8))}";
    }
}
