using System.Text;

namespace Portcullis.Identity.Stored;

/// <summary>The values of a Secret's data, which is base64.</summary>
internal static class SecretText
{
    /// <summary>Null when the key is not there or its value is not text in base64.</summary>
    public static string? Of(IReadOnlyDictionary<string, string>? data, string key)
    {
        if (data is null || !data.TryGetValue(key, out var value))
        {
            return null;
        }

        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(value));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
