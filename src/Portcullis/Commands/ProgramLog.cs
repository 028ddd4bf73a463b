using System.CommandLine;
using Microsoft.Extensions.Logging;

namespace Portcullis.Commands;

/// <summary>How the long-running commands log.</summary>
internal static class ProgramLog
{
    private const string Timestamp = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>The option of every one of them.</summary>
    public static Option<bool> Json() => new("--json-log") { Description = "Log one JSON object per line." };

    public static void Configure(ILoggingBuilder logging, bool json)
    {
        logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning).AddFilter("Yarp", LogLevel.Error);

        // A failed start is thrown as well, and a failed background service logged once more as critical.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        if (json)
        {
            logging.AddJsonConsole(o => (o.UseUtcTimestamp, o.TimestampFormat) = (true, Timestamp));
        }
        else
        {
            logging.AddSimpleConsole(o => (o.SingleLine, o.UseUtcTimestamp, o.TimestampFormat) = (true, true, Timestamp + " "));
        }
    }
}
