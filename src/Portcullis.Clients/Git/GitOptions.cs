namespace Portcullis.Clients.Git;

/// <summary>How the git program is run.</summary>
public sealed record GitOptions
{
    /// <summary>Where mirrors, keyrings and git's own HOME live. Everything in it can be rebuilt; created with mode 0700.</summary>
    public required string CacheFolder
    {
        get;

        // git is run in folders of its own, where a relative path would mean another place.
        init => field = Path.GetFullPath(value);
    }

    /// <summary>Repositories on this machine's disk may be read. Only for one-machine use: on a cluster a path is another tenant's.</summary>
    public bool AllowLocal { get; init; }

    public string Program { get; init; } = "git";

    /// <summary>The most that one command may print, objects read one by one aside.</summary>
    public int OutputLimit { get; init; } = 64 * 1024 * 1024;
}
