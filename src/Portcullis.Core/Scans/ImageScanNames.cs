using System.Security.Cryptography;
using System.Text;
using Portcullis.Core.Repositories;

namespace Portcullis.Core.Scans;

/// <summary>The names of ImageScans: which image one is about follows from its spec, and its name from that.</summary>
public static class ImageScanNames
{
    /// <summary>On each: its repository, as the hash that the ledgers have too.</summary>
    public const string RepositoryLabel = "portcullis.dev/scan-of";

    private const int HashBytes = 16;

    public static ObjectKey Key(RepositoryId repository, string digest) =>
        ObjectKey.Cluster(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{repository}@{digest}")).AsSpan(0, HashBytes)));

    public static RepositoryId RepositoryOf(ImageScan scan) => new(scan.Spec.Registry, scan.Spec.Repository);
}
