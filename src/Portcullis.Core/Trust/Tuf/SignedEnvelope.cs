using System.Text;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>
/// Writes files of metadata byte for byte as Notary's programs do: a server that makes the snapshot itself hashes what it would have written, not what it was
/// sent, and a file that differs in one byte is lost to everybody.
/// </summary>
public static class SignedEnvelope
{
    /// <param name="signed">What was signed: <see cref="RoleContent.ToSignedBytes"/>.</param>
    /// <param name="signatures">The signatures, in their order.</param>
    /// <exception cref="ArgumentException">A text in it has a control character: Notary cannot write it.</exception>
    public static byte[] Write(ReadOnlySpan<byte> signed, IEnumerable<TufSignature> signatures)
    {
        if (signed.IndexOfAnyInRange((byte)0, (byte)0x1F) >= 0)
        {
            throw new ArgumentException("a text has a control character", nameof(signed));
        }

        var text = new StringBuilder("{\"signed\":").Append(Escaped(Encoding.UTF8.GetString(signed))).Append(",\"signatures\":[");
        var isFirst = true;
        foreach (var signature in signatures)
        {
            text.Append(isFirst ? "" : ",").Append("{\"keyid\":\"").Append(signature.KeyId).Append("\",\"method\":\"").Append(signature.Method)
                .Append("\",\"sig\":\"").Append(Convert.ToBase64String(signature.Value)).Append("\"}");
            isFirst = false;
        }

        return Encoding.UTF8.GetBytes(text.Append("]}").ToString());
    }

    /// <summary>Adds signatures to a file; what is signed stays as it is, and one of a key that signed already takes the place of the older.</summary>
    /// <returns>Null when the file is no metadata.</returns>
    public static byte[]? Add(ReadOnlyMemory<byte> file, IReadOnlyList<TufSignature> signatures)
    {
        var (envelope, _) = RoleCheck.Parse(RoleNames.Targets, file);
        return envelope is null ? null
            : Write(envelope.Message.Span, [.. envelope.Signatures.Where(s => signatures.All(added => added.KeyId != s.KeyId)), .. signatures]);
    }

    /// <summary>These characters appear in texts alone, and Go's encoder never writes them.</summary>
    private static string Escaped(string json) => json
        .Replace("<", "\\u003c", StringComparison.Ordinal).Replace(">", "\\u003e", StringComparison.Ordinal).Replace("&", "\\u0026", StringComparison.Ordinal)
        .Replace("\u2028", "\\u2028", StringComparison.Ordinal).Replace("\u2029", "\\u2029", StringComparison.Ordinal);
}
