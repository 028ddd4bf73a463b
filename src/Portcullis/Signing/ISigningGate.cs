namespace Portcullis.Signing;

/// <summary>What keeps images without signatures from running in the cluster.</summary>
internal interface ISigningGate
{
    /// <summary>Why it does not do so, as the cluster shows it; null when it does.</summary>
    string? FindGap();
}
