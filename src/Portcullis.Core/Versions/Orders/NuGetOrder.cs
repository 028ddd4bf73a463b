namespace Portcullis.Core.Versions.Orders;

/// <summary>
/// Versions of NuGet packages: one to four numbers, missing ones 0, and a semantic version's pre-release in which the case of letters does not count. Digits that
/// do not fit into 32 bits are compared as text, as NuGet does.
/// </summary>
internal sealed class NuGetOrder : IVersionOrder
{
    private const int MostNumbers = 4;

    public bool TryKey(ReadOnlySpan<char> version, out VersionKey key)
    {
        var trimmed = version.Trim();
        var text = new VersionText(trimmed);
        var writer = new KeyWriter();
        var isVersion = NumberList.TryAdd(ref text, writer) && trimmed[..^text.Rest.Length].Count('.') < MostNumbers
            && SemVerKey.TryAddPrerelease(ref text, writer, IdentifierStyle.NuGet);
        key = isVersion ? writer.ToKey() : default;
        return isVersion;
    }
}
