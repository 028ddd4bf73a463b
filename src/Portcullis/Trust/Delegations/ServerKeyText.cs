using System.Text.Json;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Trust.Delegations;

/// <summary>A key as a Notary server answers with it: <c>{"keytype":…,"keyval":{"public":…,"private":null}}</c>.</summary>
internal static class ServerKeyText
{
    /// <summary>Null when it is none.</summary>
    public static TufKey? Read(byte[] answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            var root = document.RootElement;
            return root.GetProperty("keytype").GetString() is { } type ? new TufKey(type, root.GetProperty("keyval").GetProperty("public").GetBytesFromBase64()) : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
