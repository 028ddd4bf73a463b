using System.Numerics;

namespace Portcullis.Core.Tests.Versions.Orders;

/// <summary>Comparisons of two versions as the tools' documents describe them, written apart from the keys.</summary>
internal static class PairwiseOrders
{
    /// <summary>deb-version(7), "Sorting algorithm".</summary>
    public static int Dpkg(string left, string right)
    {
        var (leftEpoch, leftUpstream, leftRevision) = DpkgParts(left);
        var (rightEpoch, rightUpstream, rightRevision) = DpkgParts(right);
        var order = leftEpoch.CompareTo(rightEpoch);
        order = order != 0 ? order : DpkgPart(leftUpstream, rightUpstream);
        return order != 0 ? order : DpkgPart(leftRevision, rightRevision);
    }

    /// <summary>rpmvercmp(3).</summary>
    public static int Rpm(string left, string right)
    {
        var (leftEpoch, leftVersion, leftRelease) = RpmParts(left);
        var (rightEpoch, rightVersion, rightRelease) = RpmParts(right);
        var order = leftEpoch.CompareTo(rightEpoch);
        order = order != 0 ? order : RpmPart(leftVersion, rightVersion);
        return order != 0 ? order : leftRelease is null || rightRelease is null ? (leftRelease is null ? 0 : 1) - (rightRelease is null ? 0 : 1) : RpmPart(leftRelease, rightRelease);
    }

    /// <summary>semver.org, section 11.</summary>
    public static int SemVer(string left, string right)
    {
        var (leftNumbers, leftPrerelease) = SemVerParts(left);
        var (rightNumbers, rightPrerelease) = SemVerParts(right);
        var order = leftNumbers.Zip(rightNumbers).Select(p => p.First.CompareTo(p.Second)).FirstOrDefault(o => o != 0);
        return order != 0 ? order : leftPrerelease is null || rightPrerelease is null ? (leftPrerelease is null ? 1 : 0) - (rightPrerelease is null ? 1 : 0) :
            leftPrerelease.Zip(rightPrerelease).Select(p => Identifier(p.First, p.Second)).FirstOrDefault(o => o != 0) is var first && first != 0 ? first :
            leftPrerelease.Length.CompareTo(rightPrerelease.Length);
    }

    private static (BigInteger Epoch, string Upstream, string Revision) DpkgParts(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var epoch = colon < 0 ? BigInteger.Zero : Number(text[..colon]);
        text = text[(colon + 1)..];
        var hyphen = text.LastIndexOf('-');
        return (epoch, hyphen < 0 ? text : text[..hyphen], hyphen < 0 ? "" : text[(hyphen + 1)..]);
    }

    private static int DpkgPart(string left, string right)
    {
        while (left.Length + right.Length > 0)
        {
            var leftText = Run(ref left, c => !char.IsAsciiDigit(c));
            var rightText = Run(ref right, c => !char.IsAsciiDigit(c));
            for (var i = 0; i < Math.Max(leftText.Length, rightText.Length); i++)
            {
                var order = Weight(leftText, i).CompareTo(Weight(rightText, i));
                if (order != 0)
                {
                    return order;
                }
            }

            var numbers = Number(Run(ref left, char.IsAsciiDigit)).CompareTo(Number(Run(ref right, char.IsAsciiDigit)));
            if (numbers != 0)
            {
                return numbers;
            }
        }

        return 0;
    }

    private static int Weight(string text, int at) => at >= text.Length ? 0 : text[at] == '~' ? -1 : char.IsAsciiLetter(text[at]) ? text[at] : text[at] + 256;

    private static (BigInteger Epoch, string Version, string? Release) RpmParts(string text)
    {
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        var hasEpoch = digits < text.Length && text[digits] == ':';
        var epoch = hasEpoch ? Number(text[..digits]) : BigInteger.Zero;
        text = hasEpoch ? text[(digits + 1)..] : text;
        var hyphen = text.LastIndexOf('-');
        return (epoch, hyphen < 0 ? text : text[..hyphen], hyphen < 0 ? null : text[(hyphen + 1)..]);
    }

    private static int RpmPart(string left, string right)
    {
        while (true)
        {
            _ = Run(ref left, IsSeparator);
            _ = Run(ref right, IsSeparator);
            var order = Rank(left).CompareTo(Rank(right));
            if (order != 0 || left.Length == 0)
            {
                return order;
            }

            if (left[0] is '~' or '^')
            {
                (left, right) = (left[1..], right[1..]);
                continue;
            }

            var isNumber = char.IsAsciiDigit(left[0]);
            var (first, second) = (Run(ref left, isNumber ? char.IsAsciiDigit : char.IsAsciiLetter), Run(ref right, isNumber ? char.IsAsciiDigit : char.IsAsciiLetter));
            order = isNumber ? Number(first).CompareTo(Number(second)) : string.CompareOrdinal(first, second);
            if (order != 0)
            {
                return order;
            }
        }
    }

    private static bool IsSeparator(char c) => !char.IsAsciiLetterOrDigit(c) && c is not ('~' or '^');

    private static int Rank(string text) => text.Length == 0 ? 1 : text[0] switch { '~' => 0, '^' => 2, _ when char.IsAsciiDigit(text[0]) => 4, _ => 3 };

    private static (BigInteger[] Numbers, string[]? Prerelease) SemVerParts(string text)
    {
        text = text.Split('+')[0];
        var parts = text.Split('-', 2);
        return ([.. parts[0].Split('.').Select(Number)], parts.Length == 1 ? null : parts[1].Split('.'));
    }

    private static int Identifier(string left, string right)
    {
        var (isLeft, isRight) = (left.All(char.IsAsciiDigit), right.All(char.IsAsciiDigit));
        return isLeft && isRight ? Number(left).CompareTo(Number(right)) : isLeft != isRight ? (isLeft ? -1 : 1) : string.CompareOrdinal(left, right);
    }

    private static BigInteger Number(string digits) => digits.Aggregate(BigInteger.Zero, (sum, c) => (sum * 10) + (c - '0'));

    private static string Run(ref string text, Func<char, bool> belongs)
    {
        var run = new string([.. text.TakeWhile(belongs)]);
        text = text[run.Length..];
        return run;
    }
}
