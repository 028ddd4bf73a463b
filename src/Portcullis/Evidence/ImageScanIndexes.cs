using Portcullis.Core.Repositories;
using Portcullis.Core.Scans;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Evidence;

/// <summary>By what ImageScans are found.</summary>
internal static class ImageScanIndexes
{
    public const string ByRepository = "repository";

    /// <summary>The indexes that list an image.</summary>
    public const string ByImage = "image";

    public static string ImageOf(RepositoryId repository, string digest) => $"{repository}@{digest}";

    public static void Add(StoreOptions<ImageScan> options)
    {
        options.Index(ByRepository, s => [ImageScanNames.RepositoryOf(s).ToString()]);
        options.Index(ByImage, s => (s.Status?.Images ?? []).Select(i => ImageOf(ImageScanNames.RepositoryOf(s), i)));
    }
}
