using System.Net;
using Portcullis.Testing.Faults;
using Portcullis.Tests.Soaks;

namespace Portcullis.Tests.Access.Soak;

/// <summary>The faults of watches, lists and writes under which access is decided.</summary>
internal static class AccessFaults
{
    public static Fault? Choose(SeenRequest request, SoakFaults faults)
    {
        if (request.Path.Contains("/events", StringComparison.Ordinal) || request.Path.Contains("/leases", StringComparison.Ordinal))
        {
            return null;
        }

        var chance = faults.Next(100);
        return request switch
        {
            { IsWatch: true } => chance switch
            {
                < 50 => faults.Slow(400),
                < 65 => new Fault.CutBody(faults.Next(20_000)),
                < 75 => Fault.Gone,
                _ => null,
            },
            { IsWrite: true } => chance switch
            {
                < 20 => faults.Slow(500),
                < 26 => Fault.Conflict,
                < 29 => Fault.InternalError,
                < 32 => new Fault.Answer(HttpStatusCode.InternalServerError, "InternalError", Forwarded: true),
                < 34 => new Fault.Answer(HttpStatusCode.TooManyRequests, "TooManyRequests", TimeSpan.Zero),
                < 37 => new Fault.Cut(),
                < 40 => new Fault.CutAfterForward(),
                < 45 => new Fault.Delay(TimeSpan.FromMilliseconds(faults.Next(400))),
                _ => null,
            },
            { IsList: true } => chance switch
            {
                < 5 => Fault.InternalError,
                < 8 => new Fault.CutBody(faults.Next(4000)),
                < 20 => faults.Slow(300),
                _ => null,
            },
            _ => chance < 4 ? Fault.InternalError : null,
        };
    }
}
