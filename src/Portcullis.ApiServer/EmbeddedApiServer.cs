namespace Portcullis.ApiServer;

/// <summary>Where and how the embedded API runs. The state folder is created with mode 0700.</summary>
public sealed record ApiServerOptions
{
    public required string StateFolder { get; init; }

    /// <summary>Loopback port; 0 picks a free one (and keeps it for the next start from the same folder).</summary>
    public int Port { get; init; }
}
