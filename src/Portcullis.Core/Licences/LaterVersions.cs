using System.Text.RegularExpressions;

namespace Portcullis.Core.Licences;

/// <summary>The words that allow later versions of a licence, in which an "or" is no alternative.</summary>
internal static partial class LaterVersions
{
    [GeneratedRegex(@",?\s+or\s+(\(at\s+your\s+option\)\s+)?(any\s+)?(later|newer|greater)(\s+versions?)?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Words { get; }

    public static string AsPlus(string text) => Words.Replace(text, "+");
}
