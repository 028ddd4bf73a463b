namespace Portcullis.Core.Versions.Orders;

/// <summary>
/// Versions of Go modules (golang.org/ref/mod#versions): semantic versions, of which pseudo-versions are some and <c>+incompatible</c> does not count; and the releases
/// of Go itself, of which <c>go1.21rc2</c> is 1.21.0-rc.2, as Go's vulnerability database writes them.
/// </summary>
internal sealed class GoOrder : IVersionOrder
{
    private static readonly string[] Phases = ["rc", "beta", "-pre", "pre", "alpha"];

    public bool TryKey(ReadOnlySpan<char> version, out VersionKey key)
    {
        var text = new VersionText(version.Trim());
        var isRelease = text.TryTake("go");
        text.TryTake("v");
        var writer = new KeyWriter();
        var isVersion = NumberList.TryAdd(ref text, writer) && TryAddRest(ref text, writer, isRelease);
        key = isVersion ? writer.ToKey() : default;
        return isVersion;
    }

    private static bool TryAddRest(ref VersionText text, KeyWriter writer, bool isRelease)
    {
        var phase = isRelease || text.AtLetter ? TakePhase(ref text) : null;
        if (phase is not null)
        {
            return TryAddPrerelease($"-{phase}.{text.TakeDigits()}", writer) && IsEnd(text);
        }

        return isRelease ? IsEnd(text) && TryAddPrerelease("", writer) : SemVerKey.TryAddPrerelease(ref text, writer);
    }

    private static string? TakePhase(ref VersionText text)
    {
        foreach (var phase in Phases)
        {
            if (text.Rest.StartsWith(phase, StringComparison.Ordinal) && text.Rest[phase.Length..] is [>= '0' and <= '9', ..])
            {
                text.Skip(phase.Length);
                return phase.TrimStart('-');
            }
        }

        return null;
    }

    private static bool TryAddPrerelease(string prerelease, KeyWriter writer)
    {
        var text = new VersionText(prerelease);
        return SemVerKey.TryAddPrerelease(ref text, writer);
    }

    /// <summary>Nothing, or what who built Go has added to its release: <c>go1.20.5 X:boringcrypto</c>, <c>go1.21.3-vendor</c>.</summary>
    private static bool IsEnd(VersionText text) => text.IsEmpty || text.Next is ' ' or '-' or '+';
}
