using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Portcullis.Objects.Yaml;

/// <summary>Finds what no YAML file may hold: bytes that are not UTF-8, and control characters (YAML 1.1 section 5.1).</summary>
internal static class TextCheck
{
    private static readonly SearchValues<byte> Control = SearchValues.Create(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127]);

    public static YamlError? FirstFault(ReadOnlySpan<byte> utf8)
    {
        var control = utf8.IndexOfAny(Control);
        var valid = control < 0 ? utf8 : utf8[..control];
        if (!Utf8.IsValid(valid))
        {
            return new YamlError(At(utf8, FirstInvalid(valid)), "not UTF-8 text; is this a binary file?");
        }

        return control < 0
            ? null
            : new YamlError(At(utf8, control), $"control character U+{utf8[control]:X4} is not allowed; is this a binary file?");
    }

    private static int FirstInvalid(ReadOnlySpan<byte> utf8)
    {
        var at = 0;
        while (at < utf8.Length && Rune.DecodeFromUtf8(utf8[at..], out _, out var length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }

    private static YamlPosition At(ReadOnlySpan<byte> utf8, int offset)
    {
        var before = utf8[..offset];
        var line = before.Count((byte)'\n');
        return new YamlPosition(line + 1, offset - before.LastIndexOf((byte)'\n'));
    }
}
