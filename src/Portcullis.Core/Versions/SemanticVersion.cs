using System.Globalization;

namespace Portcullis.Core.Versions;

/// <summary>
/// A semantic version (semver.org 2.0.0) as tags carry it: a leading <c>v</c> is allowed, minor and patch may be missing
/// (then 0), build metadata is kept out of the order.
/// </summary>
public sealed record SemanticVersion(long Major, long Minor, long Patch, string Prerelease = "") : IComparable<SemanticVersion>
{
    public bool IsPrerelease => Prerelease.Length > 0;

    /// <summary>The version, or null when the text is none.</summary>
    public static SemanticVersion? Parse(string text)
    {
        var rest = text.StartsWith('v') || text.StartsWith('V') ? text[1..] : text;
        var parts = rest.Split('+')[0].Split('-', 2);
        var core = parts[0].Split('.');
        var prerelease = parts.ElementAtOrDefault(1);
        if (core.Length > 3 || (prerelease is not null && !IsPrereleaseText(prerelease)))
        {
            return null;
        }

        Span<long> numbers = stackalloc long[3];
        for (var i = 0; i < core.Length; i++)
        {
            if (!IsNumber(core[i]) || !long.TryParse(core[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return null;
            }
        }

        return new SemanticVersion(numbers[0], numbers[1], numbers[2], prerelease ?? "");
    }

    /// <summary>Precedence by semver.org section 11.</summary>
    public int CompareTo(SemanticVersion? other)
    {
        if (other is null)
        {
            return 1;
        }

        var order = Major.CompareTo(other.Major);
        order = order != 0 ? order : Minor.CompareTo(other.Minor);
        order = order != 0 ? order : Patch.CompareTo(other.Patch);
        return order != 0 ? order : ComparePrerelease(Prerelease, other.Prerelease);
    }

    public static bool operator <(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) >= 0;

    public override string ToString() => IsPrerelease ? $"{Major}.{Minor}.{Patch}-{Prerelease}" : $"{Major}.{Minor}.{Patch}";

    private static int ComparePrerelease(string left, string right)
    {
        if (left.Length == 0 || right.Length == 0)
        {
            return right.Length.CompareTo(left.Length); // none is higher than any
        }

        var lefts = left.Split('.');
        var rights = right.Split('.');
        for (var i = 0; i < Math.Min(lefts.Length, rights.Length); i++)
        {
            var order = CompareIdentifier(lefts[i], rights[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return lefts.Length.CompareTo(rights.Length);
    }

    private static int CompareIdentifier(string left, string right)
    {
        var leftNumber = left.All(char.IsAsciiDigit);
        var rightNumber = right.All(char.IsAsciiDigit);
        if (leftNumber && rightNumber)
        {
            var byLength = left.Length.CompareTo(right.Length);
            return byLength != 0 ? byLength : string.CompareOrdinal(left, right);
        }

        return leftNumber == rightNumber ? string.CompareOrdinal(left, right) : rightNumber.CompareTo(leftNumber); // numbers are lower
    }

    /// <summary>Digits without a leading zero, as section 2 and 9 ask for.</summary>
    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit) && (text.Length == 1 || text[0] != '0');

    private static bool IsPrereleaseText(string text) => text.Split('.').All(part =>
        part.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && (IsNumber(part) || !part.All(char.IsAsciiDigit)));
}
