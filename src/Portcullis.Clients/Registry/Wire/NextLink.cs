using System.Text.RegularExpressions;

namespace Portcullis.Clients.Registry.Wire;

/// <summary>The next page of a list (RFC 8288, <c>rel="next"</c>). Pure.</summary>
internal static partial class NextLink
{
    /// <summary>As it stands there, relative or not; null when there is none.</summary>
    public static string? Of(HttpResponseMessage response) =>
        !response.Headers.TryGetValues("Link", out var values) ? null
        : values.SelectMany(v => Links().Matches(v)).FirstOrDefault(m => Relation().IsMatch(m.Groups["parameters"].Value))?.Groups["target"].Value;

    [GeneratedRegex(@"<(?<target>[^<>]*)>(?<parameters>[^<>]*)", RegexOptions.NonBacktracking)]
    private static partial Regex Links();

    [GeneratedRegex(@";\s*rel\s*=\s*(""next""|next)(\s*[;,]|\s*$)", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Relation();
}
