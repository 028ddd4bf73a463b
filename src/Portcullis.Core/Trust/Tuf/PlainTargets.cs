using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>
/// Reads the members of <c>targets</c> when all of them are written as Notary's programs write them, <c>"TAG":{"hashes":{"sha256":"…","sha512":"…"},"length":N}</c>,
/// without making tokens of them: a long list is most of what there is to read. Of any other list it says nothing.
/// </summary>
internal ref struct PlainTargets
{
    private ReadOnlySpan<byte> _rest;

    private PlainTargets(ReadOnlySpan<byte> json) => _rest = json;

    private static ReadOnlySpan<byte> BeforeSha256 => ":{\"hashes\":{\"sha256\":\""u8;

    private static ReadOnlySpan<byte> BeforeSha512 => "\",\"sha512\":\""u8;

    private static ReadOnlySpan<byte> BeforeLength => "\"},\"length\":"u8;

    /// <summary>The targets, and how many bytes were read up to the closing brace; null when it is for others to read.</summary>
    /// <param name="members">JSON that has a canonical form, from the first member on.</param>
    /// <param name="length">The bytes before the closing brace.</param>
    public static List<TufTarget>? Read(ReadOnlySpan<byte> members, out int length)
    {
        var plain = new PlainTargets(members);
        List<TufTarget> targets = [];
        do
        {
            if (plain.Next() is not { } target)
            {
                length = 0;
                return null;
            }

            targets.Add(target);
        }
        while (plain.Take(","u8));
        length = members.Length - plain._rest.Length;
        return plain.Take("}"u8) ? targets : null;
    }

    private TufTarget? Next()
    {
        if (!Take("\""u8))
        {
            return null;
        }

        var end = _rest.IndexOfAny((byte)'"', (byte)'\\');
        if (end < 0 || _rest[end] != (byte)'"')
        {
            return null;
        }

        var tag = _rest[..end];
        _rest = _rest[(end + 1)..];
        var sha256 = Take(BeforeSha256) ? Hash(SHA256.HashSizeInBytes) : null;
        if (sha256 is null)
        {
            return null;
        }

        var isLonger = Take(BeforeSha512);
        var sha512 = isLonger ? Hash(SHA512.HashSizeInBytes) : null;
        return isLonger == sha512 is not null && Take(BeforeLength) && Number() is { } length && Take("}"u8)
            ? new TufTarget(Encoding.UTF8.GetString(tag), length, sha256, sha512) : null;
    }

    private byte[]? Hash(int bytes)
    {
        var length = Base64.GetMaxEncodedToUtf8Length(bytes);
        var hash = _rest.Length < length ? null : MetadataJson.Base64Of(_rest[..length]);
        _rest = hash is null ? _rest : _rest[length..];
        return hash?.Length == bytes ? hash : null;
    }

    private long? Number()
    {
        var length = _rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (length is <= 0 or > CanonicalScan.MostDigits || !Utf8Parser.TryParse(_rest[..length], out long number, out _))
        {
            return null;
        }

        _rest = _rest[length..];
        return number;
    }

    private bool Take(ReadOnlySpan<byte> text)
    {
        if (!_rest.StartsWith(text))
        {
            return false;
        }

        _rest = _rest[text.Length..];
        return true;
    }
}
