using Docker.DotNet.Handler.Abstractions;
using Microsoft.Extensions.Logging;

namespace Portcullis.Clients.Engine;

/// <summary>
/// Gives Docker.DotNet the handler that everything else here uses for unix sockets, in place of its own HTTP stack. Nothing is attached to
/// a container or executed in one, so no connection is taken over.
/// </summary>
internal sealed class EngineTransport : IDockerHandlerFactory<HttpMessageHandler>
{
    /// <summary>The host is only a name: the handler knows the socket.</summary>
    public static Uri Address { get; } = new("http://engine/");

    public ResolvedTransport CreateHandler(HttpMessageHandler transportOptions, ResolvedClientOptions clientOptions, ILogger logger) => new(transportOptions, Address);

    public ResolvedTransport CreateHandler(ResolvedClientOptions clientOptions, ILogger logger) => throw new NotSupportedException("a handler is given");

    public Task<WriteClosableStream> HijackStreamAsync(HttpContent content) => throw new NotSupportedException("no connection is taken over");
}
