using System.ComponentModel;

namespace Portcullis.Core.Registries;

/// <summary>What the operator found when it last asked the registry.</summary>
public sealed record RegistryStatus : DeclarableStatus
{
    [Description("When the registry last answered.")]
    public DateTimeOffset? AnsweredAt { get; init; }

    [Description("How the registry asks clients to authenticate: None, Basic or Token.")]
    public string? Authentication { get; init; }

    [Description("When the certificate that the registry presented expires.")]
    public DateTimeOffset? CertificateExpiresAt { get; init; }

    [Description("When the certificate expires that clients are shown at spec.host: the gateway's, or that of a proxy before it. Empty when the operator gets no TLS connection there.")]
    public DateTimeOffset? GatewayCertificateExpiresAt { get; init; }

    [Description("Number of Repository objects of this registry.")]
    public int? Repositories { get; init; }

    [Description("Number of tags in the ledgers of these repositories.")]
    public int? Tags { get; init; }

    [Description("Repositories that the registry has and no Repository declares; at most 20.")]
    [Items(20)]
    public IReadOnlyList<string>? Undeclared { get; init; }
}
