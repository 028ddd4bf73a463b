using System.Net.Http.Headers;
using System.Text;
using Portcullis.Clients.Registry.Authorization;

namespace Portcullis.Registries;

/// <summary>Sends the same name and password with every request.</summary>
internal sealed class BasicAuthorization(RegistryCredential.Basic credential) : IRegistryAuthorization
{
    private readonly AuthenticationHeaderValue _header =
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.User}:{credential.Password}")));

    public ValueTask<AuthenticationHeaderValue?> AuthorizeAsync(RegistryAccess access, CancellationToken cancellationToken) => new(_header);
}
