namespace Portcullis.Core.Components;

/// <summary>How a component is packaged: it decides the order of its versions and where its advisories are.</summary>
public enum PackageFormat
{
    /// <summary>A Debian package, of any distribution that uses dpkg.</summary>
    Deb,

    /// <summary>An Alpine package.</summary>
    Apk,

    /// <summary>An RPM package.</summary>
    Rpm,

    /// <summary>A Go module, the main module or the standard library of a binary.</summary>
    Go,

    /// <summary>A Python distribution.</summary>
    Python,

    Npm,

    NuGet,

    Maven,

    /// <summary>A RubyGems package.</summary>
    Gem,

    /// <summary>A crate of crates.io.</summary>
    Crate,

    /// <summary>
    /// A type that no reader here looks for, such as composer or conan: only reports of other scanners name its components. The name is TYPE/NAME as in its package
    /// URL, and its version has no order that is known.
    /// </summary>
    Other,
}
