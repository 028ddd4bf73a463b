using Portcullis.Core.Registries.Requests;

namespace Portcullis.Gateway;

/// <summary>Ends a request with an answer for the client, thrown from where it is found out. The message may be shown.</summary>
internal sealed class GatewayRefusal(RegistryError error, Exception? inner = null) : Exception(error.Message, inner)
{
    public RegistryError Error { get; } = error;

    /// <summary>Further headers of the answer.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}
