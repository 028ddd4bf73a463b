namespace Portcullis.Trust.Reading;

/// <summary>Keeps the memory of all names together within a bound: those that nobody has wanted for the longest time give theirs back.</summary>
internal sealed class TrustWeights(long largest)
{
    private readonly Lock _gate = new();
    private long _total;

    public long Total => Volatile.Read(ref _total);

    public void Changed(int from, int to) => Interlocked.Add(ref _total, to - from);

    public void Trim(IEnumerable<TrustEntry> entries)
    {
        if (Total <= largest || !_gate.TryEnter())
        {
            return;
        }

        try
        {
            // By a quarter more than needed, so that the next one does not trim again.
            foreach (var entry in entries.OrderBy(e => e.UsedAt).ToList().TakeWhile(_ => Total > largest / 4 * 3))
            {
                lock (entry.Gate)
                {
                    Changed(entry.Held?.Weight ?? 0, 0);
                    entry.Drop();
                }
            }
        }
        finally
        {
            _gate.Exit();
        }
    }
}
