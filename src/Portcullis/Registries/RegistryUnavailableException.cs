namespace Portcullis.Registries;

/// <summary>A registry cannot be spoken to because of what is declared of it: no such Registry, or a Secret that is missing. The message may be shown.</summary>
internal sealed class RegistryUnavailableException(string reason, string message) : Exception(message)
{
    /// <summary>A condition's reason.</summary>
    public string Reason { get; } = reason;
}
