namespace Portcullis.Testing.Faults;

/// <summary>Keeps each piece of an answer back for a while; the order stays.</summary>
internal sealed class SlowStream(Stream inner, Func<TimeSpan> pause) : AnswerStream(inner)
{
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Delay(pause(), TimeProvider.System, cancellationToken);
        await Inner.WriteAsync(buffer, cancellationToken);
    }
}
