namespace Portcullis.Tests.Soaks;

/// <summary>Chance by a seed, thrown by several at once.</summary>
internal sealed class Dice(int seed)
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);

    public int Next(int limit)
    {
        lock (_gate)
        {
            return _random.Next(limit);
        }
    }

    public TimeSpan Pause(int longestMilliseconds) => TimeSpan.FromMilliseconds(Next(longestMilliseconds));
}
