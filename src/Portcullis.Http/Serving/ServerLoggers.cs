using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Portcullis.Http.Serving;

/// <summary>The program's loggers for a server, without the host's own: what that logs about a failed start is thrown as well.</summary>
internal sealed class ServerLoggers(ILoggerFactory program) : ILoggerFactory
{
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    public ILogger CreateLogger(string categoryName) => categoryName == HostCategory ? NullLogger.Instance : program.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => program.AddProvider(provider);

    /// <summary>The factory stays the program's.</summary>
    public void Dispose()
    {
    }
}
