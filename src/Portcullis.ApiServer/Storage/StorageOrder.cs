namespace Portcullis.ApiServer.Storage;

/// <summary>
/// The order of etcd's keys, which lists and continue tokens follow: names are compared as if each ended in <c>/</c>, so that the
/// objects of namespace <c>a-b</c> come before those of <c>a</c>.
/// </summary>
internal sealed class StorageOrder : IComparer<string>
{
    public static readonly StorageOrder Namespaces = new();

    public int Compare(string? x, string? y)
    {
        x ??= "";
        y ??= "";
        var shared = Math.Min(x.Length, y.Length);
        for (var i = 0; i < shared; i++)
        {
            if (x[i] != y[i])
            {
                return x[i] - y[i];
            }
        }

        return x.Length == y.Length ? 0 : x.Length < y.Length ? '/' - y[shared] : x[shared] - '/';
    }
}
