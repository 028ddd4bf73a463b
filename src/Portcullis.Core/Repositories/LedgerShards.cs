using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Portcullis.Core.Repositories;

/// <summary>
/// Which object holds which tag. The number of shards is fixed: it bounds one object to a sixteenth of a repository's tags, which at 200 bytes a
/// tag keeps 100,000 tags below the 1.5 MiB of an object in etcd.
/// </summary>
public static class LedgerShards
{
    public const int Count = 16;

    /// <summary>On each shard: its repository, as the hash that is part of its name.</summary>
    public const string RepositoryLabel = "portcullis.dev/ledger-of";

    public static int Of(string tag) => SHA256.HashData(Encoding.UTF8.GetBytes(tag))[0] % Count;

    /// <summary>The object's name. A repository's name has slashes and underscores, which an object's may not.</summary>
    public static ObjectKey Key(RepositoryId repository, int shard) =>
        ObjectKey.Cluster(string.Create(CultureInfo.InvariantCulture, $"{HashOf(repository)}-{shard:x}"));

    /// <summary>Stands for a repository where its name is not legal.</summary>
    public static string HashOf(RepositoryId repository) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{repository.Registry}/{repository.Name}")).AsSpan(0, 12));
}
