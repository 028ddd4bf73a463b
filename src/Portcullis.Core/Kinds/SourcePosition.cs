using System.Globalization;

namespace Portcullis.Core.Kinds;

/// <summary>The position of a manifest in Git. <see cref="Line"/> counts from 1.</summary>
public readonly record struct SourcePosition(string File, int Line)
{
    /// <summary><c>file:line</c>. Whoever may commit may choose the name: it must not break or turn around the line it is shown in.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(File.Any(IsUnseen) ? string.Concat(File.Select(Shown)) : File)}:{Line}");

    private static bool IsUnseen(char c) => char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    private static string Shown(char c) => c switch
    {
        '\n' => "\\n",
        '\t' => "\\t",
        _ when IsUnseen(c) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
        _ => c.ToString(),
    };
}
