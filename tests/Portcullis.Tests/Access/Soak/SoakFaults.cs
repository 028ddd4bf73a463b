using System.Net;
using Portcullis.Testing.Faults;

namespace Portcullis.Tests.Access.Soak;

/// <summary>Random faults for the operator's watches, lists and writes, until they end.</summary>
internal sealed class SoakFaults
{
    private readonly Lock _gate = new();
    private readonly Random _random;
    private volatile bool _ended;

    public SoakFaults(int seed)
    {
        _random = new Random(seed);
        Injector = new FaultInjector { Otherwise = Choose };
    }

    public FaultInjector Injector { get; }

    public void Begin() => _ended = false;

    public void End() => _ended = true;

    private Fault? Choose(SeenRequest request)
    {
        if (_ended || request.Path.Contains("/events", StringComparison.Ordinal) || request.Path.Contains("/leases", StringComparison.Ordinal))
        {
            return null;
        }

        var chance = Next(100);
        return request switch
        {
            { IsWatch: true } => chance switch
            {
                < 50 => Slow(400),
                < 65 => new Fault.CutBody(Next(20_000)),
                < 75 => Fault.Gone,
                _ => null,
            },
            { IsWrite: true } => chance switch
            {
                < 20 => Slow(500),
                < 26 => Fault.Conflict,
                < 29 => Fault.InternalError,
                < 32 => new Fault.Answer(HttpStatusCode.InternalServerError, "InternalError", Forwarded: true),
                < 34 => new Fault.Answer(HttpStatusCode.TooManyRequests, "TooManyRequests", TimeSpan.Zero),
                < 37 => new Fault.Cut(),
                < 40 => new Fault.CutAfterForward(),
                < 45 => new Fault.Delay(TimeSpan.FromMilliseconds(Next(400))),
                _ => null,
            },
            { IsList: true } => chance switch
            {
                < 5 => Fault.InternalError,
                < 8 => new Fault.CutBody(Next(4000)),
                < 20 => Slow(300),
                _ => null,
            },
            _ => chance < 4 ? Fault.InternalError : null,
        };
    }

    private Fault.SlowBody Slow(int longest) => new(() => _ended ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Next(longest)));

    private int Next(int limit)
    {
        lock (_gate)
        {
            return _random.Next(limit);
        }
    }
}
