using Portcullis.Testing.Faults;

namespace Portcullis.Tests.Soaks;

/// <summary>Faults by chance between begin and end. The dice are thrown as requests come, so that a seed is not quite a script.</summary>
internal sealed class SoakFaults
{
    private readonly Dice _dice;
    private volatile bool _on;
    private volatile bool _away;

    /// <param name="injector">Where the requests pass.</param>
    /// <param name="seed">Of the dice.</param>
    /// <param name="choose">The fault of one request: which faults there are, and how often.</param>
    public SoakFaults(FaultInjector injector, int seed, Func<SeenRequest, SoakFaults, Fault?> choose)
    {
        Injector = injector;
        _dice = new Dice(seed);
        injector.Otherwise = request => _away ? new Fault.Cut() : _on ? choose(request, this) : null;
    }

    public FaultInjector Injector { get; }

    public void Begin() => _on = true;

    /// <summary>What is slow already is so no longer.</summary>
    public void End() => _on = false;

    /// <summary>No request gets through, as for a process that is being killed.</summary>
    public void Away(bool away)
    {
        _away = away;
        if (away)
        {
            Injector.CutOpen(_ => true);
        }
    }

    public int Next(int limit) => _dice.Next(limit);

    public Fault.SlowBody Slow(int longestMilliseconds) => new(() => _on && !_away ? _dice.Pause(longestMilliseconds) : TimeSpan.Zero);
}
