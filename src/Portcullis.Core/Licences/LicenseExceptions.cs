namespace Portcullis.Core.Licences;

/// <summary>Exceptions as they are written outside SPDX, most without a version.</summary>
internal static class LicenseExceptions
{
    /// <summary>Words of the name, and the identifier; where it depends on the licence's version, that with version 2, and that with version 3.</summary>
    private static readonly (string Words, string Second, string Third)[] Known =
    [
        ("classpath", "Classpath-exception-2.0", "Classpath-exception-2.0"),
        ("autoconf macro", "Autoconf-exception-macro", "Autoconf-exception-macro"),
        ("autoconf", "Autoconf-exception-2.0", "Autoconf-exception-3.0"),
        ("bison", "Bison-exception-2.2", "Bison-exception-2.2"),
        ("gcc runtime", "GCC-exception-3.1", "GCC-exception-3.1"),
        ("gcc", "GCC-exception-2.0", "GCC-exception-3.1"),
        ("font", "Font-exception-2.0", "Font-exception-2.0"),
        ("libtool", "Libtool-exception", "Libtool-exception"),
        ("llvm", "LLVM-exception", "LLVM-exception"),
        ("linux syscall", "Linux-syscall-note", "Linux-syscall-note"),
        ("texinfo", "Texinfo-exception", "Texinfo-exception"),
        ("swift", "Swift-exception", "Swift-exception"),
        ("wxwindows", "WxWindows-exception-3.1", "WxWindows-exception-3.1"),
        ("ocaml", "OCaml-LGPL-linking-exception", "OCaml-LGPL-linking-exception"),
    ];

    /// <summary>The identifier of an exception to a licence; null when it is not known.</summary>
    public static string? Of(string name, string license)
    {
        if (SpdxLicenses.CanonicalException(name) is { } canonical)
        {
            return canonical;
        }

        var words = $" {LicenseKey.Of(name)} ";
        var known = Array.Find(Known, k => words.Contains($" {k.Words} ", StringComparison.Ordinal));
        return license.Contains("-3", StringComparison.Ordinal) ? known.Third : known.Second;
    }
}
