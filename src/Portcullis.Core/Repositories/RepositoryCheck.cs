using System.Globalization;
using Portcullis.Core.Criteria;

namespace Portcullis.Core.Repositories;

/// <summary>What is wrong with the fields of one Repository; each with its field.</summary>
internal static class RepositoryCheck
{
    public static IEnumerable<(string Field, string Message)> Of(RepositorySpec spec) =>
        (spec.Webhooks ?? []).SelectMany(OfWebhook)
            .Concat((spec.EvidenceAuthors ?? []).SelectMany(OfAuthor)).Concat(CriteriaCheck.Of(spec.PullBlocking?.Criteria, "spec.pullBlocking.criteria"));

    private static IEnumerable<(string Field, string Message)> OfAuthor(EvidenceAuthor author, int index)
    {
        if (author.PublicKey is { } key && !key.Contains("-----BEGIN PUBLIC KEY-----", StringComparison.Ordinal))
        {
            yield return (string.Create(CultureInfo.InvariantCulture, $"spec.evidenceAuthors[{index}].publicKey"), "it is no public key in PEM: it begins with -----BEGIN PUBLIC KEY-----");
        }
    }

    private static IEnumerable<(string Field, string Message)> OfWebhook(RepositoryWebhook webhook, int index)
    {
        var field = string.Create(CultureInfo.InvariantCulture, $"spec.webhooks[{index}].url");
        if (webhook.Url is { } url && (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0))
        {
            yield return (field, $"\"{url}\" is not a URL");
        }
        else if (webhook.Url is { } known && new Uri(known) is { UserInfo.Length: > 0 })
        {
            yield return (field, "a password does not belong in the URL: use urlSecretRef");
        }
    }
}
