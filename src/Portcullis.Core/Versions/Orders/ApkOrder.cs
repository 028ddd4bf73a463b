namespace Portcullis.Core.Versions.Orders;

/// <summary>
/// Alpine's versions, <c>digits{.digits}{letter}{_suffix{number}}{~hash}{-r number}</c>, as apk-tools 3 orders them (apk-package(5)). What apk takes for invalid has an
/// order too, close to that of apk-tools 2: digits may follow a letter or be missing after a dot, and where nothing fits, the rest does not count and is below the end.
/// </summary>
internal sealed class ApkOrder : IVersionOrder
{
    // The first byte of a part. Suffixes of pre-releases are below the end, all others above.
    private const byte FirstPreRelease = 1;
    private const byte Invalid = 5;
    private const byte MissingDigits = 6;
    private const byte End = 7;
    private const byte Revision = 8;
    private const byte Hash = 9;
    private const byte SuffixNumber = 10;
    private const byte FirstPostRelease = 11;
    private const byte Letter = 16;
    private const byte Digits = 17;

    private const byte LeadingZero = 0;
    private const byte PlainNumber = 1;
    private const byte EndOfText = 0;

    private static readonly string[] PreReleases = ["alpha", "beta", "pre", "rc"];
    private static readonly string[] PostReleases = ["cvs", "svn", "git", "hg", "p"];

    /// <summary>What was read last; it decides what may follow.</summary>
    private enum Part
    {
        Digits,
        Letter,
        Suffix,
        SuffixNumber,
        Hash,
        Revision,
        Invalid,
    }

    public bool TryKey(ReadOnlySpan<char> version, out VersionKey key)
    {
        var text = new VersionText(version.Trim());
        if (text.IsEmpty)
        {
            key = default;
            return false;
        }

        var writer = new KeyWriter();
        writer.AddNumber(text.TakeDigits());
        var part = Part.Digits;
        while (!text.IsEmpty && part != Part.Invalid)
        {
            part = Add(writer, ref text, part);
        }

        writer.Add(part == Part.Invalid ? Invalid : End);
        key = writer.ToKey();
        return true;
    }

    private static Part Add(KeyWriter writer, ref VersionText text, Part last) => text.Next switch
    {
        >= 'a' and <= 'z' when last == Part.Digits => AddLetter(writer, ref text),
        >= '0' and <= '9' when last == Part.Letter => AddDigits(writer, ref text),
        >= '0' and <= '9' when last == Part.Suffix => AddSuffixNumber(writer, ref text),
        '.' when last == Part.Digits => AddDigits(writer, ref text),
        '_' when last <= Part.SuffixNumber => AddSuffix(writer, ref text),
        '~' when last < Part.Hash => AddHash(writer, ref text),
        '-' when last < Part.Revision => AddRevision(writer, ref text),
        _ => Part.Invalid,
    };

    private static Part AddLetter(KeyWriter writer, ref VersionText text)
    {
        writer.Add(Letter);
        writer.AddText(text.Take(1));
        return Part.Letter;
    }

    /// <summary>Digits after a dot: as text where they begin with a zero, as Gentoo does, else as a number.</summary>
    private static Part AddDigits(KeyWriter writer, ref VersionText text)
    {
        text.TryTake('.');
        var digits = text.TakeDigits();
        writer.Add(digits.IsEmpty ? MissingDigits : Digits);
        if (digits is ['0', ..])
        {
            writer.Add(LeadingZero);
            writer.AddText(digits);
            writer.Add(EndOfText);
        }
        else if (!digits.IsEmpty)
        {
            writer.Add(PlainNumber);
            writer.AddNumber(digits);
        }

        return Part.Digits;
    }

    private static Part AddSuffix(KeyWriter writer, ref VersionText text)
    {
        text.Skip();
        var word = text.TakeWhile(char.IsAsciiLetterLower).ToString();
        var pre = Array.IndexOf(PreReleases, word);
        var post = Array.IndexOf(PostReleases, word);
        if (pre < 0 && post < 0)
        {
            return Part.Invalid;
        }

        writer.Add((byte)(pre < 0 ? FirstPostRelease + post : FirstPreRelease + pre));
        return Part.Suffix;
    }

    private static Part AddSuffixNumber(KeyWriter writer, ref VersionText text)
    {
        writer.Add(SuffixNumber);
        writer.AddNumber(text.TakeDigits());
        return Part.SuffixNumber;
    }

    private static Part AddHash(KeyWriter writer, ref VersionText text)
    {
        text.Skip();
        var hash = text.TakeWhile(c => char.IsAsciiHexDigitLower(c));
        if (hash.IsEmpty)
        {
            return Part.Invalid;
        }

        writer.Add(Hash);
        writer.AddText(hash);
        writer.Add(EndOfText);
        return Part.Hash;
    }

    /// <summary>The number is 0 where it is missing.</summary>
    private static Part AddRevision(KeyWriter writer, ref VersionText text)
    {
        if (text.Rest is not (['-', 'r'] or ['-', 'r', (>= '0' and <= '9') or '-', ..]))
        {
            return Part.Invalid;
        }

        text.Skip(2);
        writer.Add(Revision);
        writer.AddNumber(text.TakeDigits());
        return Part.Revision;
    }
}
