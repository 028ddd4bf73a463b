namespace Portcullis.Admission;

/// <summary>Where the API server finds our admission webhooks. With a service, the cluster's way; else by URL on loopback (<c>up</c>).</summary>
internal sealed class AdmissionOptions
{
    /// <summary>0 picks a free one (by URL only).</summary>
    public int Port { get; set; } = 9443;

    /// <summary>The Service before the operator's pods, in the system namespace; null for by URL.</summary>
    public string? Service { get; set; }

    /// <summary>The Service's port.</summary>
    public int ServicePort { get; set; } = 443;

    /// <summary>More users that are the program itself, besides the one it finds it is.</summary>
    public IReadOnlyList<string> OwnUsers { get; set; } = [];
}
