namespace Portcullis.Core.Versions.Orders;

/// <summary>
/// Maven's versions (maven.apache.org/pom.html, "Version Order Specification"): <c>.qualifier</c> is below <c>-qualifier</c>, that below <c>-number</c>, that below
/// <c>.number</c>; qualifiers of pre-releases are below the end, others above, and missing parts are zeros.
/// </summary>
/// <remarks>
/// Maven's own comparison of two is not transitive: 1-alpha is below 1, that below 1.sp, and that below 1-alpha; so no order agrees with it for all. Here what is below the
/// end stays below what is above it, so that a pre-release is before its release whatever follows the release.
/// </remarks>
internal sealed class MavenOrder : IVersionOrder
{
    // The first byte of a part with the zeros before it.
    private const byte DotPreRelease = 1;
    private const byte HyphenPreRelease = 2;
    private const byte PreReleaseAfterZeros = 3;
    private const byte End = 4;
    private const byte DotQualifier = 5;
    private const byte HyphenQualifier = 6;
    private const byte HyphenNumber = 7;
    private const byte QualifierAfterZeros = 8;
    private const byte DotNumber = 9;
    private const byte EndOfText = 0;

    public bool TryKey(ReadOnlySpan<char> version, out VersionKey key)
    {
        var text = version.Trim();
        if (text.IsEmpty)
        {
            key = default;
            return false;
        }

        var writer = new KeyWriter();
        Add(writer, MavenToken.Of(text));
        key = writer.ToKey();
        return true;
    }

    private static void Add(KeyWriter writer, List<MavenToken> tokens)
    {
        var zeros = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (i > 0 && tokens[i] is { IsHyphen: false, Text: "0" })
            {
                zeros++;
                continue;
            }

            Add(writer, tokens[i], zeros);
            zeros = 0;
        }

        writer.Add(End);
    }

    private static void Add(KeyWriter writer, MavenToken token, int zeros)
    {
        if (token.IsNumber)
        {
            writer.Add(token.IsHyphen ? HyphenNumber : DotNumber);
            if (!token.IsHyphen)
            {
                writer.AddFallingCount(zeros);
            }

            writer.AddNumber(token.Text);
            return;
        }

        writer.Add(Place(token, zeros));
        writer.AddCount(zeros);
        writer.Add((byte)token.Rank);
        writer.AddText(token.Text);
        writer.Add(EndOfText);
    }

    private static byte Place(MavenToken token, int zeros) => (token.IsPreRelease, token.IsHyphen, zeros) switch
    {
        (true, _, > 0) => PreReleaseAfterZeros,
        (false, _, > 0) => QualifierAfterZeros,
        (true, false, _) => DotPreRelease,
        (true, true, _) => HyphenPreRelease,
        (false, false, _) => DotQualifier,
        (false, true, _) => HyphenQualifier,
    };
}
