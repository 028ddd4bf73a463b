using System.Text;

namespace Portcullis.Clients.Registry.Authorization;

/// <summary>
/// Reads <c>WWW-Authenticate</c> (RFC 9110, 11.6.1): several challenges may stand in one header, divided by the same commas as their
/// parameters. What cannot be read is passed over; nothing throws. Pure.
/// </summary>
internal static class ChallengeParser
{
    private const string TokenCharacters = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static List<AuthChallenge> Parse(IEnumerable<string> headers)
    {
        var found = new List<AuthChallenge>();
        foreach (var header in headers)
        {
            Parse(header, found);
        }

        return found;
    }

    private static void Parse(string header, List<AuthChallenge> found)
    {
        Dictionary<string, string>? parameters = null;
        var at = 0;
        while (at < header.Length)
        {
            var token = Token(header, ref at);
            if (token.Length == 0)
            {
                at++;
                continue;
            }

            var next = SkipSpaces(header, at);
            if (next < header.Length && header[next] == '=')
            {
                at = SkipSpaces(header, next + 1);
                var value = Value(header, ref at);
                parameters?.TryAdd(token, value);
                continue;
            }

            parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            found.Add(new AuthChallenge(token, parameters));
        }
    }

    private static string Token(string header, ref int at)
    {
        var start = at;
        while (at < header.Length && TokenCharacters.Contains(header[at], StringComparison.Ordinal))
        {
            at++;
        }

        return header[start..at];
    }

    private static string Value(string header, ref int at)
    {
        if (at >= header.Length || header[at] != '"')
        {
            return Token(header, ref at);
        }

        var text = new StringBuilder();
        for (at++; at < header.Length && header[at] != '"'; at++)
        {
            at += header[at] == '\\' && at + 1 < header.Length ? 1 : 0;
            text.Append(header[at]);
        }

        at++;
        return text.ToString();
    }

    private static int SkipSpaces(string header, int at)
    {
        while (at < header.Length && header[at] is ' ' or '\t')
        {
            at++;
        }

        return at;
    }
}
