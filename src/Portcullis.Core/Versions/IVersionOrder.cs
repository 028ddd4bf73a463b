namespace Portcullis.Core.Versions;

/// <summary>The order of the versions of one ecosystem, as its own tools compare them.</summary>
public interface IVersionOrder
{
    /// <summary>
    /// The key of a version, or false when the text is no version there. dpkg, rpm and apk compare any text, so they give a key for any that is not empty.
    /// Takes time and memory in proportion to the length of the text, whatever it is.
    /// </summary>
    bool TryKey(ReadOnlySpan<char> version, out VersionKey key);
}
