using System.Buffers;

namespace Portcullis.Core.Versions;

/// <summary>Sets of characters that versions consist of.</summary>
internal static class VersionCharacters
{
    /// <summary>Those of an identifier of a pre-release (semver.org section 9).</summary>
    public static SearchValues<char> Identifier { get; } = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-");
}
