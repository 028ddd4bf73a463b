namespace Portcullis.Clients.Registry.Authorization;

/// <summary>What somebody shows to a registry and its token server, and to nobody else. Its text says nothing of the secret.</summary>
public abstract record RegistryCredential
{
    private RegistryCredential()
    {
    }

    /// <summary>A user's name and password, or access token in its place.</summary>
    public sealed record Basic(string User, string Password) : RegistryCredential
    {
        public override string ToString() => $"user {User}";
    }

    /// <summary>A token that a token server gave earlier for getting others (OAuth 2.0, RFC 6749, section 6).</summary>
    public sealed record RefreshToken(string Token) : RegistryCredential
    {
        public override string ToString() => "a refresh token";
    }
}
