using System.Buffers;
using System.Text;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Core.Trust;

/// <summary>
/// A file of metadata as Go writes it, byte for byte. A server that signs snapshots does not hash the file that it was sent but what its own code writes of it:
/// where the two differ, it takes the file, and nobody can read the role any more.
/// </summary>
public static class SignedFile
{
    /// <param name="signed">What was signed: canonical JSON.</param>
    /// <param name="signatures">In their order.</param>
    public static byte[] Of(ReadOnlySpan<byte> signed, IEnumerable<TufSignature> signatures)
    {
        var file = new ArrayBufferWriter<byte>(signed.Length + 1024);
        Write(file, "{\"signed\":");
        WriteEscaped(file, signed);
        Write(file, ",\"signatures\":[");
        Write(file, string.Join(',', signatures.Select(s => $"{{\"keyid\":\"{s.KeyId}\",\"method\":\"{s.Method}\",\"sig\":\"{Convert.ToBase64String(s.Value)}\"}}")));
        Write(file, "]}");
        return file.WrittenSpan.ToArray();
    }

    /// <summary>Canonical JSON has these characters as they are, and only within strings; Go's other writer escapes them.</summary>
    private static void WriteEscaped(ArrayBufferWriter<byte> file, ReadOnlySpan<byte> json)
    {
        var written = 0;
        for (var i = 0; i < json.Length; i++)
        {
            var (escape, length) = json[i] switch
            {
                (byte)'\n' => ("\\n", 1),
                (byte)'\r' => ("\\r", 1),
                (byte)'\t' => ("\\t", 1),
                < 0x20 or (byte)'&' or (byte)'<' or (byte)'>' => ($"\\u{json[i]:x4}", 1),
                0xE2 when i + 2 < json.Length && json[i + 1] == 0x80 && json[i + 2] is 0xA8 or 0xA9 => (json[i + 2] == 0xA8 ? "\\u2028" : "\\u2029", 3),
                _ => (null, 0),
            };
            if (escape is not null)
            {
                file.Write(json[written..i]);
                Write(file, escape);
                written = i + length;
                i = written - 1;
            }
        }

        file.Write(json[written..]);
    }

    private static void Write(ArrayBufferWriter<byte> file, string text) => file.Write(Encoding.UTF8.GetBytes(text));
}
