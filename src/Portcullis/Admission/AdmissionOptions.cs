namespace Portcullis.Admission;

/// <summary>How the API server reaches the admission webhooks: in a cluster by a Service, in <c>up</c> by a loopback URL.</summary>
internal sealed class AdmissionOptions
{
    /// <summary>0 chooses a free port (without a Service only).</summary>
    public int Port { get; set; } = 9443;

    /// <summary>The Service of the operator's pods, in the system namespace; null for a loopback URL.</summary>
    public string? Service { get; set; }

    /// <summary>The Service's port.</summary>
    public int ServicePort { get; set; } = 443;

    /// <summary>What becomes of edits of what Git declares.</summary>
    public EditPolicy Edits { get; set; } = EditPolicy.Revert;

    /// <summary>Digests of images that run in the system namespace without signatures, beside the one of this process's own pod.</summary>
    public IReadOnlyList<string> OwnImages { get; set; } = [];

    /// <summary>Namespaces of Kubernetes itself whose images are not judged.</summary>
    public IReadOnlyList<string> UnjudgedNamespaces { get; set; } = [];

    /// <summary>Further users whose writes are the program's own.</summary>
    public IReadOnlyList<string> OwnUsers { get; set; } = [];
}
