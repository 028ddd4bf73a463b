using System.Globalization;
using System.Text.RegularExpressions;
using static Portcullis.Schemas.Cel.CelType;

namespace Portcullis.Schemas.Cel;

/// <summary>A semantic version; build metadata plays no part in order or equality.</summary>
internal sealed partial record CelSemver(long Major, long Minor, long Patch, string PreRelease) : CelOpaque, IComparable<CelSemver>
{
    public override string TypeName => CelType.Semver.Name;

    public static CelSemver? Parse(string text, bool normalize)
    {
        var match = (normalize ? Loose() : Strict()).Match(text);
        if (!match.Success)
        {
            return null;
        }

        long? Number(int group) => match.Groups[group].Value is var digits && digits.Length == 0 ? 0
            : long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;
        return Number(1) is { } major && Number(2) is { } minor && Number(3) is { } patch ? new CelSemver(major, minor, patch, match.Groups[4].Value) : null;
    }

    public int CompareTo(CelSemver? other)
    {
        if (other is null)
        {
            return 1;
        }

        var order = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        if (order != 0 || PreRelease == other.PreRelease)
        {
            return order;
        }

        return PreRelease.Length == 0 ? 1 : other.PreRelease.Length == 0 ? -1 : ComparePreReleases(PreRelease.Split('.'), other.PreRelease.Split('.'));
    }

    public static bool operator <(CelSemver left, CelSemver right) => left.CompareTo(right) < 0;

    public static bool operator >(CelSemver left, CelSemver right) => left.CompareTo(right) > 0;

    public static bool operator <=(CelSemver left, CelSemver right) => left.CompareTo(right) <= 0;

    public static bool operator >=(CelSemver left, CelSemver right) => left.CompareTo(right) >= 0;

    private static int ComparePreReleases(string[] left, string[] right)
    {
        for (var i = 0; i < left.Length && i < right.Length; i++)
        {
            var leftNumber = ulong.TryParse(left[i], NumberStyles.None, CultureInfo.InvariantCulture, out var a);
            var rightNumber = ulong.TryParse(right[i], NumberStyles.None, CultureInfo.InvariantCulture, out var b);
            var order = leftNumber && rightNumber ? a.CompareTo(b) : leftNumber ? -1 : rightNumber ? 1 : string.CompareOrdinal(left[i], right[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    [GeneratedRegex(@"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?\z")]
    private static partial Regex Strict();

    [GeneratedRegex(@"^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?\z")]
    private static partial Regex Loose();
}

/// <summary>Kubernetes' semver library.</summary>
internal static class CelSemverFunctions
{
    public static IEnumerable<CelOverload> All()
    {
        yield return new("semver", false, [CelType.String], Semver, v => Parse(v[0], false));
        yield return new("semver", false, [CelType.String, Bool], Semver, v => Parse(v[0], (bool)v[1]!));
        yield return new("isSemver", false, [CelType.String], Bool, v => CelEquality.Box(CelSemver.Parse((string)v[0]!, false) is not null));
        yield return new("isSemver", false, [CelType.String, Bool], Bool, v => CelEquality.Box(CelSemver.Parse((string)v[0]!, (bool)v[1]!) is not null));
        yield return new("major", true, [Semver], Int, v => ((CelSemver)v[0]!).Major);
        yield return new("minor", true, [Semver], Int, v => ((CelSemver)v[0]!).Minor);
        yield return new("patch", true, [Semver], Int, v => ((CelSemver)v[0]!).Patch);
        yield return new("compareTo", true, [Semver, Semver], Int, v => (long)Math.Sign(((CelSemver)v[0]!).CompareTo((CelSemver)v[1]!)));
        yield return new("isGreaterThan", true, [Semver, Semver], Bool, v => CelEquality.Box((CelSemver)v[0]! > (CelSemver)v[1]!));
        yield return new("isLessThan", true, [Semver, Semver], Bool, v => CelEquality.Box((CelSemver)v[0]! < (CelSemver)v[1]!));
    }

    private static object Parse(object? text, bool normalize) => CelSemver.Parse((string)text!, normalize) ?? (object)new CelFault($"invalid semver: {text}");
}
