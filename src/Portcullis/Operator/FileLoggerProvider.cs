using System.Globalization;
using Microsoft.Extensions.Logging;
using Portcullis.Processes;

namespace Portcullis.Operator;

/// <summary>Writes the log to a file, for when the terminal shows the live table. The log of the previous run is kept as <c>.1</c>.</summary>
internal sealed class FileLoggerProvider : ILoggerProvider
{
    private readonly StreamWriter _file;
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;

    public FileLoggerProvider(string path, TimeProvider time)
    {
        if (File.Exists(path))
        {
            PrivateLog.Prepare(path);
            File.Move(path, path + ".1", overwrite: true);
        }

        _file = new StreamWriter(PrivateLog.Create(path)) { AutoFlush = true };
        _time = time;
    }

    public ILogger CreateLogger(string categoryName) => new Writer(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void Dispose() => _file.Dispose();

    private void Write(LogLevel level, string category, string message, Exception? exception)
    {
        lock (_gate)
        {
            _file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {level} {category}: {message}"));
            if (exception is not null)
            {
                _file.WriteLine(exception);
            }
        }
    }

    private sealed class Writer(FileLoggerProvider owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            owner.Write(logLevel, category, formatter(state, exception), exception);
    }
}
