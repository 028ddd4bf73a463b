using Portcullis.Core.Components;

namespace Portcullis.Scanning.Packages;

/// <summary>A package that has files. Its list of files may be read before the file that names it.</summary>
internal sealed class PackageOwner
{
    /// <summary>Null as long as no file that names it was read.</summary>
    public Component? Component { get; set; }

    /// <summary>Whether it is a distribution's package, whose word on its files goes before that of others.</summary>
    public bool IsOfDistribution { get; init; }
}
