namespace Portcullis.Clients.Registry;

/// <summary>Where a registry listens: scheme, host and port. What it names in answers (locations, links) is followed there alone. Pure.</summary>
public sealed record RegistryEndpoint
{
    private RegistryEndpoint(Uri address) => Address = address;

    /// <summary>Ends with a slash, without a path.</summary>
    public Uri Address { get; }

    /// <summary>Whether requests go without TLS.</summary>
    public bool IsPlainHttp => Address.Scheme == Uri.UriSchemeHttp;

    /// <summary>Host and port as image names have them: the scheme's own port is left out.</summary>
    public string Authority => Address.Authority;

    /// <summary>Reads <c>https://host[:port]</c>, or <c>host[:port]</c>, which means https. Null when it is something else.</summary>
    /// <param name="text">Without path, user and query.</param>
    /// <param name="allowPlainHttp">Whether <c>http://</c> is taken too.</param>
    public static RegistryEndpoint? TryParse(string text, bool allowPlainHttp)
    {
        var url = text.Contains("://", StringComparison.Ordinal) ? text : $"https://{text}";
        return Uri.TryCreate(url, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || (allowPlainHttp && address.Scheme == Uri.UriSchemeHttp))
            && address.Host.Length > 0 && address.UserInfo.Length == 0 && address.PathAndQuery == "/" && address.Fragment.Length == 0
            ? new RegistryEndpoint(address)
            : null;
    }

    /// <summary>Whether a URL leads to this registry itself.</summary>
    public bool Covers(Uri url) =>
        url.IsAbsoluteUri && url.Scheme == Address.Scheme && url.Port == Address.Port && url.UserInfo.Length == 0
        && string.Equals(url.IdnHost.TrimEnd('.'), Address.IdnHost.TrimEnd('.'), StringComparison.OrdinalIgnoreCase);

    public override string ToString() => Address.GetLeftPart(UriPartial.Authority);
}
