using System.Net;
using Portcullis.Testing.Faults;

namespace Portcullis.Tests.Sources;

/// <summary>Faults by chance: of watches, of reads and of writes. The dice are thrown as requests come, so that a seed is not quite a script.</summary>
internal sealed class SoakFaults(FaultInjector injector, int seed)
{
    private readonly Random _random = new(seed);
    private readonly Lock _gate = new();
    private volatile bool _on;
    private volatile bool _away;

    public void Begin()
    {
        _on = true;
        injector.Otherwise = Choose;
    }

    /// <summary>No request gets through, as for a process that is being killed.</summary>
    public void Away(bool away)
    {
        _away = away;
        if (away)
        {
            injector.CutOpen(_ => true);
        }
    }

    public void CutWatches() => injector.CutOpen(r => r.IsWatch && Chance(0.5));

    public void End()
    {
        _on = false;
        injector.Otherwise = _ => null;
        injector.CutOpen(r => r.IsWatch);
    }

    private Fault? Choose(SeenRequest request)
    {
        if (_away)
        {
            return new Fault.Cut();
        }

        if (request.IsWatch)
        {
            return Next(100) switch
            {
                < 45 => new Fault.SlowBody(() => Pause(300)),
                < 55 => new Fault.SlowBody(() => Pause(1500)),
                < 70 => new Fault.CutBody(Next(4000)),
                < 73 => Fault.Gone,
                < 75 => Fault.InternalError,
                _ => null,
            };
        }

        var one = Next(1000);
        return request.IsWrite
            ? one switch
            {
                < 30 => Fault.Conflict,
                < 45 => new Fault.Answer(HttpStatusCode.TooManyRequests, "TooManyRequests"),
                < 75 => Fault.InternalError,
                < 95 => new Fault.Answer(HttpStatusCode.InternalServerError, "InternalError", Forwarded: true),
                < 115 => new Fault.Cut(),
                < 150 => new Fault.CutAfterForward(),
                < 300 => new Fault.SlowBody(() => Pause(400)),
                _ => null,
            }
            : one switch
            {
                < 10 => Fault.InternalError,
                < 20 => new Fault.Answer(HttpStatusCode.TooManyRequests, "TooManyRequests"),
                < 30 => new Fault.Cut(),
                < 40 => new Fault.CutBody(Next(500)),
                < 50 => new Fault.Answer(HttpStatusCode.Forbidden, "Forbidden"),
                < 90 => new Fault.SlowBody(() => Pause(200)),
                _ => null,
            };
    }

    private TimeSpan Pause(int most) => _on && !_away ? TimeSpan.FromMilliseconds(Next(most)) : TimeSpan.Zero;

    private bool Chance(double part)
    {
        lock (_gate)
        {
            return _random.NextDouble() < part;
        }
    }

    private int Next(int below)
    {
        lock (_gate)
        {
            return _random.Next(below);
        }
    }
}
