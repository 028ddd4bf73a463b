using System.IO.Pipelines;
using System.Text;

namespace Portcullis.Kubernetes.Tests.Scripted;

/// <summary>One watch as the scripted server holds it open: a test sends on it, ends it or breaks it.</summary>
internal sealed class OpenWatch(string collection, long version)
{
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
    private readonly Lock _gate = new();

    public string Collection { get; } = collection;

    /// <summary>The version it was asked to begin after.</summary>
    public long Version { get; } = version;

    public bool Ended { get; private set; }

    public bool Silent { get; set; }

    public Stream Reader => _pipe.Reader.AsStream();

    public void Send(string line) => SendRaw(line + "\n");

    public void SendRaw(string text)
    {
        lock (_gate)
        {
            _pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>The server's own, clean end.</summary>
    public void End()
    {
        Ended = true;
        _pipe.Writer.Complete();
    }

    /// <summary>The connection is lost.</summary>
    public void Break()
    {
        Ended = true;
        _pipe.Writer.Complete(new IOException("connection reset"));
    }
}
