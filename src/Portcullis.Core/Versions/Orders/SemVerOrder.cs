namespace Portcullis.Core.Versions.Orders;

/// <summary>
/// Semantic versions, by semver.org 2.0.0 section 11. What publishers write beyond it is read too: a leading <c>v</c> or <c>=</c>, zeros before a number, a missing minor
/// or patch (then 0), further numbers after the patch. Build metadata is not part of the order.
/// </summary>
internal sealed class SemVerOrder : IVersionOrder
{
    public bool TryKey(ReadOnlySpan<char> version, out VersionKey key)
    {
        var text = new VersionText(version.Trim());
        text.TryTake('=');
        text.TryTake("v");
        var writer = new KeyWriter();
        if (NumberList.TryAdd(ref text, writer) && SemVerKey.TryAddPrerelease(ref text, writer))
        {
            key = writer.ToKey();
            return true;
        }

        key = default;
        return false;
    }
}
