namespace Portcullis.Testing.Faults;

/// <summary>Lets so many bytes through, then breaks the connection.</summary>
internal sealed class CuttingStream(Stream inner, long limit, Action cut) : AnswerStream(inner)
{
    private long _left = limit;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var part = (int)Math.Min(_left, buffer.Length);
        await Inner.WriteAsync(buffer[..part], cancellationToken);
        _left -= part;
        if (part < buffer.Length)
        {
            await Inner.FlushAsync(cancellationToken);
            cut();
            throw new IOException("The fault injector cut the answer.");
        }
    }
}
