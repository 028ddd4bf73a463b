namespace Portcullis.Core.Registries;

/// <summary>The reasons of conditions and Events of a Registry.</summary>
public static class RegistryReasons
{
    public const string UnknownRegistry = "UnknownRegistry";
    public const string InvalidUpstream = "InvalidUpstream";
    public const string SecretUnusable = "SecretUnusable";
    public const string Unreachable = "Unreachable";
    public const string CertificateValid = "CertificateValid";
    public const string CertificateExpires = "CertificateExpires";
    public const string GatewayCertificateExpires = "GatewayCertificateExpires";
    public const string GatewayCertificateExpired = "GatewayCertificateExpired";
    public const string GatewayCertificateName = "GatewayCertificateName";
    public const string NotAuthorized = "NotAuthorized";
}
