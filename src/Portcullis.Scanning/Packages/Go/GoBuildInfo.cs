using System.Text;

namespace Portcullis.Scanning.Packages.Go;

/// <summary>What the Go linker wrote into a binary (package debug/buildinfo): the version of Go, and the modules.</summary>
/// <param name="GoVersion">For example go1.21.3.</param>
/// <param name="Modules">Lines of fields that are separated by tabs; empty for a binary that was built without modules.</param>
internal sealed record GoBuildInfo(string GoVersion, string Modules)
{
    // The linker puts 16 bytes before and after the modules, by which a program that is loaded finds them.
    private const int Frame = 16;

    /// <summary>The information in two strings of the binary; null when they are none.</summary>
    public static GoBuildInfo? Of(ReadOnlySpan<byte> version, ReadOnlySpan<byte> modules)
    {
        if (!version.StartsWith("go1"u8) && !version.StartsWith("devel"u8))
        {
            return null;
        }

        var framed = modules.Length > 2 * Frame && modules[^(Frame + 1)] == '\n';
        return new(Encoding.UTF8.GetString(version), framed ? Encoding.UTF8.GetString(modules[Frame..^Frame]) : "");
    }
}
