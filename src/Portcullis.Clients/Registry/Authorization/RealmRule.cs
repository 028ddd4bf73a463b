namespace Portcullis.Clients.Registry.Authorization;

/// <summary>
/// Which token servers get credentials: the registry itself, and those that the administrator names. A registry that has been taken over
/// could name any other. Pure.
/// </summary>
/// <param name="registry">The registry that names the realm.</param>
/// <param name="allowed">Each <c>host</c> or <c>host:port</c>; without a port it means the scheme's own.</param>
internal sealed class RealmRule(RegistryEndpoint registry, IReadOnlyCollection<string> allowed)
{
    /// <exception cref="RegistryException">The realm is none, or one that gets nothing: <see cref="RegistryFailure.Refused"/>.</exception>
    public Uri Check(string? realm)
    {
        if (!Uri.TryCreate(realm, UriKind.Absolute, out var url) || url.UserInfo.Length > 0 || !(url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp))
        {
            throw new RegistryException(RegistryFailure.Refused, $"the registry {registry} names no token server: its realm is '{realm}'");
        }

        if (url.Scheme == Uri.UriSchemeHttp && !registry.IsPlainHttp)
        {
            throw new RegistryException(RegistryFailure.Refused, $"the registry {registry} names a token server without TLS, {url.GetLeftPart(UriPartial.Authority)}");
        }

        return registry.Covers(url) || allowed.Any(a => IsHost(a, url))
            ? url
            : throw new RegistryException(
                RegistryFailure.Refused,
                $"the registry {registry} names the token server {url.Authority}, which is another host: name it as a realm of the registry if credentials may go there");
    }

    private static bool IsHost(string allowed, Uri url) =>
        string.Equals(allowed, url.Authority, StringComparison.OrdinalIgnoreCase)
        || string.Equals(allowed, $"{url.Host}:{url.Port}", StringComparison.OrdinalIgnoreCase);
}
