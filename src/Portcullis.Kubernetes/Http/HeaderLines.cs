using System.Text;

namespace Portcullis.Kubernetes.Http;

/// <summary>
/// Sends one header several times in a request. HttpClient writes all values of a header into one line, with commas; the Kubernetes API
/// takes each line for one group, and a group's name may hold commas. The values are joined by a letter that no name has, and this encoding
/// writes it as the end of a line and the beginning of the next.
/// </summary>
internal sealed class HeaderLines(string header) : Encoding
{
    /// <summary>Of Unicode's private use; never sent.</summary>
    private const char NextLine = '\ue000';

    private readonly string _next = $"\r\n{header}: ";

    public static string Join(IEnumerable<string> values) => string.Join(NextLine, values.Select(v => v.Replace(NextLine, '\ufffd')));

    /// <summary>For <see cref="SocketsHttpHandler.RequestHeaderEncodingSelector"/>.</summary>
    public static Encoding? Select(string header, HttpRequestMessage request) =>
        header.StartsWith("Impersonate-", StringComparison.OrdinalIgnoreCase) ? new HeaderLines(header) : null;

    public override int GetByteCount(char[] chars, int index, int count) => UTF8.GetByteCount(Text(chars, index, count));

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        UTF8.GetBytes(Text(chars, charIndex, charCount), bytes.AsSpan(byteIndex));

    public override int GetMaxByteCount(int charCount) => charCount * Math.Max(3, _next.Length);

    public override int GetCharCount(byte[] bytes, int index, int count) => UTF8.GetCharCount(bytes, index, count);

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        UTF8.GetChars(bytes, byteIndex, byteCount, chars, charIndex);

    public override int GetMaxCharCount(int byteCount) => byteCount;

    private string Text(char[] chars, int index, int count) => new string(chars, index, count).Replace(NextLine.ToString(), _next, StringComparison.Ordinal);
}
