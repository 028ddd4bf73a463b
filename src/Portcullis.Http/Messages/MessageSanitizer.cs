using System.Text.RegularExpressions;

namespace Portcullis.Http.Messages;

/// <summary>
/// The last gate before a message becomes a condition, an Event or a log line: credentials in URLs, authorization headers and
/// secret-looking query parameters are taken out wherever the text came from, and its length is bounded. The text may be a server's, so the
/// patterns match in linear time.
/// </summary>
public static partial class MessageSanitizer
{
    /// <summary>The API takes 32 KiB for a condition's message.</summary>
    private const int Longest = 32_000;

    public static string Clean(string message)
    {
        var text = UserInfo().Replace(message, "$1***@");
        text = Authorization().Replace(text, "$1 ***");
        text = Parameter().Replace(text, "$1=***");
        return text.Length <= Longest ? text : text[..Longest] + "…";
    }

    [GeneratedRegex(@"([A-Za-z][A-Za-z0-9+.-]*://)[^\s/?#'""]+@", RegexOptions.NonBacktracking)]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Authorization();

    [GeneratedRegex(@"\b(access_token|private_token|token|password|passwd|secret|client_secret|api_key|apikey|sig|signature)=[^\s&'""]+", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Parameter();
}
