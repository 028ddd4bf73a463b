using Portcullis.Objects.Json;

namespace Portcullis.Core.Registries;

/// <summary>Judges the certificate that clients of a registry are shown: they notice one that has expired, and the registry itself does not.</summary>
public static class GatewayCertificateJudge
{
    public const string Condition = "GatewayCertificateValid";

    /// <summary>Later than tools renew certificates of 90 days (30 days before), so that it means that nobody did.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    /// <summary>Null when nothing is known of it.</summary>
    public static Condition? Judge(PresentedCertificate? seen, string host, DateTimeOffset now) => seen switch
    {
        null => null,
        _ when seen.ExpiresAt <= now => Of("False", RegistryReasons.GatewayCertificateExpired, $"the certificate that clients see at {host} expired at {KubernetesJson.Time(seen.ExpiresAt)}: renew it"),
        { NamesHost: false } => Of("False", RegistryReasons.GatewayCertificateName, $"the certificate that clients see at {host} is not for this host: add the name to it"),
        _ when seen.ExpiresAt - now < Soon => Of("True", RegistryReasons.GatewayCertificateExpires, $"the certificate that clients see at {host} expires at {KubernetesJson.Time(seen.ExpiresAt)}: renew it"),
        _ => Of("True", RegistryReasons.CertificateValid, $"until {KubernetesJson.Time(seen.ExpiresAt)}"),
    };

    private static Condition Of(string status, string reason, string message) => new() { Type = Condition, Status = status, Reason = reason, Message = message };
}
