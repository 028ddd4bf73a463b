using System.ComponentModel;

namespace Portcullis.Core.Repositories;

/// <summary>The scans of a repository's images in numbers.</summary>
public sealed record RepositoryScans
{
    [Description("Number of images whose scan is complete.")]
    public int Completed { get; init; }

    [Description("Number of images that wait for their scan.")]
    public int Pending { get; init; }

    [Description("Number of images of which a part could not be read.")]
    public int Incomplete { get; init; }

    [Description("Number of images that could not be read.")]
    public int Failed { get; init; }

    [Description("The most critical vulnerabilities, those of unknown severity included, that any image has.")]
    public int? MostCritical { get; init; }

    [Description("The most major vulnerabilities that any image has.")]
    public int? MostMajor { get; init; }
}
