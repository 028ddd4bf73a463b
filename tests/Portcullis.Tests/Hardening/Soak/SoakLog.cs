using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Portcullis.Tests.Hardening.Soak;

/// <summary>What operator and agent said, for whoever must understand a failure.</summary>
internal sealed class SoakLog : ILoggerProvider, ILogger
{
    private static readonly AsyncLocal<ConcurrentQueue<string>?> Lines = new();
    private readonly ConcurrentQueue<string>? _lines = Lines.Value;

    /// <summary>Keeps what is said by whatever the present test starts.</summary>
    public static ConcurrentQueue<string> Begin() => Lines.Value = new ConcurrentQueue<string>();

    public static void To(ILoggingBuilder logging) => logging.SetMinimumLevel(LogLevel.Information).AddProvider(new SoakLog());

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines?.Enqueue($"{TimeProvider.System.GetUtcNow():ss.fff} {formatter(state, exception)} {exception?.GetType().Name}");

    public void Dispose()
    {
    }
}
