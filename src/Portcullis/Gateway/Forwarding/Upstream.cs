using Portcullis.Clients.Registry;
using Portcullis.Clients.Registry.Authorization;

namespace Portcullis.Gateway.Forwarding;

/// <summary>A server behind the gateway.</summary>
/// <param name="Endpoint">Where it is.</param>
/// <param name="Invoker">Sends requests to it: it follows no redirect and keeps no cookie.</param>
/// <param name="Authorization">Gives each request the gateway's own credential; null when the server asks for none.</param>
internal sealed record Upstream(RegistryEndpoint Endpoint, HttpMessageInvoker Invoker, IRegistryAuthorization? Authorization);
