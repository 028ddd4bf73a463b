using Portcullis.Scanning.Packages.Java;

namespace Portcullis.Scanning.Layers;

/// <summary>Which files are programs or libraries, by their first bytes or their name.</summary>
internal static class BinaryKinds
{
    // A universal binary of Mach-O has the magic of a Java class; the number that follows is how many parts it has, for a class its version, from 45 on.
    private const int FirstClassVersion = 45;

    /// <summary>Whether a file is looked for in the content index.</summary>
    public static bool IsKnownByContent(ReadOnlySpan<char> path, ReadOnlySpan<byte> first) => IsProgram(first) || IsArchive(path, first);

    /// <summary>ELF, PE or Mach-O.</summary>
    public static bool IsProgram(ReadOnlySpan<byte> first) => first switch
    {
        [0x7f, (byte)'E', (byte)'L', (byte)'F', ..] => true,
        [(byte)'M', (byte)'Z', ..] => true,
        [0xfe, 0xed, 0xfa, 0xce or 0xcf, ..] or [0xce or 0xcf, 0xfa, 0xed, 0xfe, ..] => true,
        [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, < FirstClassVersion, ..] => true,
        _ => false,
    };

    /// <summary>An archive of Java.</summary>
    public static bool IsArchive(ReadOnlySpan<char> path, ReadOnlySpan<byte> first) => JarNames.BeginsAsArchive(first) && JarNames.IsArchive(path);
}
