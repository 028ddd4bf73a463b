using System.Net;

namespace Portcullis.Clients.Registry.Wire;

/// <summary>Bytes in memory, sent in pieces so that progress is seen. They can be sent again.</summary>
internal sealed class PiecewiseContent(ReadOnlyMemory<byte> bytes) : HttpContent
{
    private const int Piece = 64 * 1024;

    /// <summary>Called after each piece that was taken.</summary>
    public Action Progressed { get; set; } = () => { };

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        for (var sent = 0; sent < bytes.Length; sent += Piece)
        {
            await stream.WriteAsync(bytes.Slice(sent, Math.Min(Piece, bytes.Length - sent)), cancellationToken);
            Progressed();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return true;
    }
}
