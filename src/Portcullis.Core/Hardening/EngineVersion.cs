using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Portcullis.Core.Hardening;

/// <summary>The version of a Docker Engine, for looking up what it accepts in daemon.json. A suffix (<c>+dfsg1</c>, <c>-ee-3</c>, <c>-rc.1</c>) does not matter.</summary>
public readonly record struct EngineVersion(int Major, int Minor, int Patch) : IComparable<EngineVersion>
{
    private static readonly SearchValues<char> Numbers = SearchValues.Create("0123456789.");

    /// <summary>The oldest engine whose keys are in <see cref="DaemonKeys"/>.</summary>
    public static EngineVersion Oldest { get; } = new(18, 9, 0);

    public static bool TryParse([NotNullWhen(true)] string? text, out EngineVersion version)
    {
        version = default;
        if (text is null)
        {
            return false;
        }

        var digits = text.AsSpan().Trim();
        var end = digits.IndexOfAnyExcept(Numbers);
        digits = end < 0 ? digits : digits[..end];
        Span<int> parts = stackalloc int[3];
        var count = 0;
        foreach (var range in digits.Split('.'))
        {
            if (count == 3)
            {
                break;
            }

            if (!int.TryParse(digits[range], NumberStyles.None, CultureInfo.InvariantCulture, out parts[count]))
            {
                return false;
            }

            count++;
        }

        version = new EngineVersion(parts[0], parts[1], parts[2]);
        return count >= 2;
    }

    public int CompareTo(EngineVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    public static bool operator <(EngineVersion left, EngineVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(EngineVersion left, EngineVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(EngineVersion left, EngineVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(EngineVersion left, EngineVersion right) => left.CompareTo(right) >= 0;

    /// <summary>The release without its patches: <c>19.03</c>, <c>23.0</c>.</summary>
    public string Release => ToString()[..ToString().LastIndexOf('.')];

    /// <summary>As Docker writes it: <c>20.10.24</c>, <c>18.09.9</c> (before 23.0 the month has two digits).</summary>
    public override string ToString() => Major < 23
        ? string.Create(CultureInfo.InvariantCulture, $"{Major:00}.{Minor:00}.{Patch}")
        : string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}");
}
