using System.Text.Json;

namespace Portcullis.Clients.Notary.Wire;

/// <summary>Reads a page of a Notary server's changefeed. Pure.</summary>
internal static class ChangeFeed
{
    /// <summary>Of one answer: some ten thousand records.</summary>
    public const int LargestPage = 4 * 1024 * 1024;

    public static IReadOnlyList<NotaryChange> Read(byte[] page)
    {
        try
        {
            var read = JsonSerializer.Deserialize(page, NotaryJsonContext.Default.ChangeFeedPage) ?? throw new JsonException("null");
            return [.. (read.Records ?? []).Select(r => Of(r ?? throw new JsonException("null")))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The framework throws the latter for a text that is not Unicode.
            throw new NotaryException(NotaryFailure.Damaged, $"the changefeed cannot be read: {e.Message}", inner: e);
        }
    }

    private static NotaryChange Of(ChangeFeedRecord record) => new(
        record.ID.ValueKind is JsonValueKind.String or JsonValueKind.Number ? record.ID.ToString() : throw new JsonException("a record has no ID"),
        record.GUN ?? throw new JsonException("a record has no GUN"),
        record.Category == "deletion",
        record.Version,
        record.CreatedAt);
}
