using System.Net;
using Portcullis.Testing.Faults;
using Portcullis.Tests.Soaks;

namespace Portcullis.Tests.Sources;

/// <summary>The faults of watches, reads and writes under which sources are applied.</summary>
internal static class SourceFaults
{
    public static Fault? Choose(SeenRequest request, SoakFaults faults)
    {
        if (request.IsWatch)
        {
            return faults.Next(100) switch
            {
                < 45 => faults.Slow(300),
                < 55 => faults.Slow(1500),
                < 70 => new Fault.CutBody(faults.Next(4000)),
                < 73 => Fault.Gone,
                < 75 => Fault.InternalError,
                _ => null,
            };
        }

        var one = faults.Next(1000);
        return request.IsWrite
            ? one switch
            {
                < 30 => Fault.Conflict,
                < 45 => new Fault.Answer(HttpStatusCode.TooManyRequests, "TooManyRequests"),
                < 75 => Fault.InternalError,
                < 95 => new Fault.Answer(HttpStatusCode.InternalServerError, "InternalError", Forwarded: true),
                < 115 => new Fault.Cut(),
                < 150 => new Fault.CutAfterForward(),
                < 300 => faults.Slow(400),
                _ => null,
            }
            : one switch
            {
                < 10 => Fault.InternalError,
                < 20 => new Fault.Answer(HttpStatusCode.TooManyRequests, "TooManyRequests"),
                < 30 => new Fault.Cut(),
                < 40 => new Fault.CutBody(faults.Next(500)),
                < 50 => new Fault.Answer(HttpStatusCode.Forbidden, "Forbidden"),
                < 90 => faults.Slow(200),
                _ => null,
            };
    }
}
