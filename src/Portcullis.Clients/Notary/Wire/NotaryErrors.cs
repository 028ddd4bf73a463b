using System.Net;
using System.Text.Json;
using Portcullis.Clients.Registry;
using Portcullis.Clients.Registry.Wire;
using Portcullis.Http.Messages;

namespace Portcullis.Clients.Notary.Wire;

/// <summary>Reads what a Notary server says when it refuses: its code, and for a publication which check failed and why. Pure.</summary>
internal static class NotaryErrors
{
    public const string MetadataNotFound = "METADATA_NOT_FOUND";

    private const string OldVersion = "VERSION";

    /// <param name="asked">Method and URL.</param>
    /// <param name="status">What was answered.</param>
    /// <param name="body">Its errors in JSON, or anything that stands between may have written.</param>
    public static NotaryException Of(string asked, HttpStatusCode status, byte[] body)
    {
        var plain = RegistryErrors.Of(asked, status, body);
        var detail = Detail(body);
        var text = detail is null ? plain.Message : MessageSanitizer.Clean($"{plain.Message} {detail}");
        return new NotaryException(plain.Code == OldVersion ? NotaryFailure.Conflict : KindOf(plain.Kind), text, status, plain.Code);
    }

    public static NotaryFailure KindOf(RegistryFailure kind) => kind switch
    {
        RegistryFailure.NotFound => NotaryFailure.NotFound,
        RegistryFailure.Unauthorized => NotaryFailure.Unauthorized,
        RegistryFailure.Denied => NotaryFailure.Denied,
        RegistryFailure.Unsupported => NotaryFailure.Unsupported,
        RegistryFailure.TooManyRequests => NotaryFailure.TooManyRequests,
        RegistryFailure.Unavailable => NotaryFailure.Unavailable,
        RegistryFailure.Damaged => NotaryFailure.Damaged,
        RegistryFailure.Refused => NotaryFailure.Refused,
        _ => NotaryFailure.Invalid,
    };

    /// <summary>The failed check of an INVALID_UPDATE; null when the server names none.</summary>
    private static string? Detail(byte[] body)
    {
        try
        {
            var detail = JsonSerializer.Deserialize(body, NotaryJsonContext.Default.NotaryErrorAnswer)?.Errors is [var first, ..] ? first?.Detail : null;
            return detail?.Name is { } name ? $"({name}: {detail.Error?.Msg})" : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
