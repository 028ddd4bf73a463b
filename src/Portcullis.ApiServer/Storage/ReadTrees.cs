namespace Portcullis.ApiServer.Storage;

/// <summary>The objects whose trees are in memory: those that were parsed last. Safe for several threads.</summary>
internal sealed class ReadTrees
{
    private const int Most = 4096;

    private readonly StoredObject?[] _kept = new StoredObject?[Most];
    private uint _next;

    /// <summary>In the place of the one that was parsed the longest time ago.</summary>
    public void Keep(StoredObject one)
    {
        var former = Interlocked.Exchange(ref _kept[Interlocked.Increment(ref _next) % Most], one);
        if (!ReferenceEquals(former, one))
        {
            former?.ForgetTree();
        }
    }
}
