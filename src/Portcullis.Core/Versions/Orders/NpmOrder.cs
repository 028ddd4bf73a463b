namespace Portcullis.Core.Versions.Orders;

/// <summary>Versions of npm packages: semantic versions, read as leniently as npm reads them ("loose"): <c>=v1.2.3beta</c> is 1.2.3-beta.</summary>
internal sealed class NpmOrder : IVersionOrder
{
    public bool TryKey(ReadOnlySpan<char> version, out VersionKey key)
    {
        var text = new VersionText(version.Trim().TrimStart("=v \t"));
        var writer = new KeyWriter();
        var isVersion = NumberList.TryAdd(ref text, writer) && SemVerKey.TryAddPrerelease(ref text, writer, IdentifierStyle.Npm);
        key = isVersion ? writer.ToKey() : default;
        return isVersion;
    }
}
