namespace Portcullis.Core.Trust;

/// <summary>The reasons of conditions and Events of a TrustDelegation.</summary>
public static class TrustReasons
{
    public const string RegistryMissing = "RegistryMissing";
    public const string NotaryMissing = "NotaryMissing";
    public const string RepositoryMissing = "RepositoryMissing";
    public const string TooManyRepositories = "TooManyRepositories";
    public const string SecretUnusable = "SecretUnusable";
    public const string SignerUnusable = "SignerUnusable";
    public const string TrustConflict = "TrustConflict";
    public const string TrustRejected = "TrustRejected";
    public const string KeyMissing = "KeyMissing";
    public const string SignaturePending = "SignaturePending";
    public const string NotInitialized = "NotInitialized";
    public const string NotaryUnreachable = "NotaryUnreachable";
    public const string NotaryRefused = "NotaryRefused";
    public const string Published = "Published";
    public const string DriftReverted = "DriftReverted";
    public const string Drifted = "Drifted";
    public const string SignatureLost = "SignatureLost";
    public const string MembersDropped = "MembersDropped";
    public const string RoleUnverified = "RoleUnverified";
    public const string ExpiresSoon = "ExpiresSoon";
    public const string Contended = "Contended";
}
