namespace Portcullis.Core.Versions.Orders;

/// <summary>
/// Python's versions, by PEP 440 and, for texts that it does not cover, by the order that setuptools had before it; all of those are below all of PEP 440.
/// </summary>
internal sealed class PythonOrder : IVersionOrder
{
    private const byte IsLegacy = 0;
    private const byte IsPep440 = 1;

    public bool TryKey(ReadOnlySpan<char> version, out VersionKey key)
    {
        var text = version.Trim();
        var writer = new KeyWriter();
        writer.Add(IsPep440);
        if (!Pep440.TryAdd(text, writer))
        {
            writer.Truncate(0);
            writer.Add(IsLegacy);
            LegacyPythonOrder.Add(text, writer);
        }

        key = text.IsEmpty ? default : writer.ToKey();
        return !text.IsEmpty;
    }
}
