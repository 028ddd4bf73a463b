namespace Portcullis.Kubernetes.Client;

/// <summary>What must hold for a delete to happen, and what becomes of dependents (Background, Foreground or Orphan).</summary>
public sealed record DeleteOptions
{
    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    public string? PropagationPolicy { get; init; }

    public bool DryRun { get; init; }
}
