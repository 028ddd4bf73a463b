using System.Text.RegularExpressions;

namespace Portcullis.ApiServer.Tests.Conformance;

/// <summary>Hides ages, uids, versions, times, addresses and tokens in what kubectl prints, and the column widths that follow from them.</summary>
internal static partial class KubectlMask
{
    public static string Of(string text, bool sorted)
    {
        text = Mask.Text(text);
        text = DiffFolder().Replace(text, "$1/");
        text = YamlVersion().Replace(text, "$1<version>");
        text = AgeCell().Replace(text, "$1<age>$3");
        text = LongTime().Replace(text, "<time>");
        text = Spaces().Replace(text, " ");
        text = text.TrimEnd('\n');
        return sorted ? string.Join('\n', text.Split('\n').Order(StringComparer.Ordinal)) : text;
    }

    /// <summary>Wherever the machine keeps its temporary files.</summary>
    [GeneratedRegex(@"/\S*/(LIVE|MERGED)-\d+/")]
    private static partial Regex DiffFolder();

    [GeneratedRegex("(resourceVersion\"?: |Resource Version: +)\"?\\d+\"?")]
    private static partial Regex YamlVersion();

    [GeneratedRegex(@"(?m)( +|^)(\d+m?\d*s)( |$)")]
    private static partial Regex AgeCell();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*(Z| \+0000)?")]
    private static partial Regex LongTime();

    [GeneratedRegex(@"(?<=\S) {2,}")]
    private static partial Regex Spaces();
}
