using Portcullis.Core.Components;

namespace Portcullis.Scanning.Packages.Dpkg;

/// <summary>By what dpkg's lists of files and its database know a package: its name, with the architecture where several may be installed.</summary>
internal static class DpkgOwners
{
    /// <summary>The package of a list of files, whose name is NAME or NAME:ARCHITECTURE.</summary>
    public static PackageOwner Of(string name, FileOwners owners) => owners.Of("deb " + name, isOfDistribution: true);

    /// <summary>Says which component a package is.</summary>
    public static void Name(Component component, FileOwners owners)
    {
        Of(component.Name, owners).Component ??= component;
        Of($"{component.Name}:{component.Architecture}", owners).Component = component;
    }
}
