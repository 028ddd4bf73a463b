namespace Portcullis.Clients.Git;

/// <summary>How this program shows itself to a Git server. Never printed: <see cref="object.ToString"/> of each case says only its kind.</summary>
public abstract record GitCredentials
{
    private GitCredentials()
    {
    }

    /// <summary>User and password (or access token), over https.</summary>
    public sealed record Basic(string User, string Password) : GitCredentials
    {
        public override string ToString() => nameof(Basic);
    }

    /// <summary>A bearer token, over https.</summary>
    public sealed record Bearer(string Token) : GitCredentials
    {
        public override string ToString() => nameof(Bearer);
    }

    /// <summary>A private key without passphrase, and the hosts' public keys, which must be known beforehand.</summary>
    public sealed record Ssh(string Identity, string KnownHosts) : GitCredentials
    {
        public override string ToString() => nameof(Ssh);
    }
}

/// <summary>A repository and everything needed to talk to it.</summary>
public sealed record GitRemote(GitUrl Url)
{
    /// <summary>
    /// Who follows it. Each has a mirror of its own: nobody reads from the disk what another one's credentials brought there, and the branches of
    /// two do not take each other's place.
    /// </summary>
    public string Owner { get; init; } = "";

    public GitCredentials? Credentials { get; init; }

    /// <summary>PEM of the authorities to trust in place of the system's, over https.</summary>
    public string? CertificateAuthority { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
