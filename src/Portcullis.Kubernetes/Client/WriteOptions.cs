namespace Portcullis.Kubernetes.Client;

/// <summary>How a write is made. The field manager is always named: it is what drift reports read back.</summary>
public sealed record WriteOptions(string FieldManager)
{
    /// <summary>Server-side apply only: take fields from other managers.</summary>
    public bool Force { get; init; } = true;

    public bool DryRun { get; init; }

    /// <summary>Strict makes unknown and duplicate fields an error; Warn (the server's default) and Ignore as in the API.</summary>
    public string? FieldValidation { get; init; }
}
