using System.Net.Http.Headers;
using Portcullis.Clients.Registry.Authorization;

namespace Portcullis.Registries;

/// <summary>Sends the same name and password with every request.</summary>
internal sealed class BasicAuthorization(RegistryCredential.Basic credential) : IRegistryAuthorization
{
    private readonly AuthenticationHeaderValue? _header = BasicHeader.Of(credential);

    public ValueTask<AuthenticationHeaderValue?> AuthorizeAsync(RegistryAccess access, CancellationToken cancellationToken) => new(_header);
}
