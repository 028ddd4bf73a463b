using Portcullis.Core.Components;
using Portcullis.Core.Versions.Orders;

namespace Portcullis.Core.Versions;

/// <summary>The order of versions of each format of packages.</summary>
public static class VersionOrders
{
    private static readonly DpkgOrder Dpkg = new();
    private static readonly ApkOrder Apk = new();
    private static readonly RpmOrder Rpm = new();
    private static readonly GoOrder Go = new();
    private static readonly PythonOrder Python = new();
    private static readonly NpmOrder Npm = new();
    private static readonly NuGetOrder NuGet = new();
    private static readonly MavenOrder Maven = new();
    private static readonly GemOrder Gem = new();

    /// <summary>Semantic versions (semver.org 2.0.0), by which the ranges of type SEMVER of any ecosystem go; crates.io has no others.</summary>
    public static IVersionOrder SemVer { get; } = new SemVerOrder();

    public static IVersionOrder Of(PackageFormat format) => format switch
    {
        PackageFormat.Deb => Dpkg,
        PackageFormat.Apk => Apk,
        PackageFormat.Rpm => Rpm,
        PackageFormat.Go => Go,
        PackageFormat.Python => Python,
        PackageFormat.Npm => Npm,
        PackageFormat.NuGet => NuGet,
        PackageFormat.Maven => Maven,
        PackageFormat.Gem => Gem,
        _ => SemVer,
    };
}
