using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Portcullis.Core.Vulnerabilities;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Registries;

/// <summary>How clients name the registry, and how it is reached.</summary>
public sealed record RegistrySpec : ISuspendable
{
    /// <summary>A host name, with the port when it is not the usual one.</summary>
    public const string HostPattern = "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:[0-9]{1,5})?$";

    [Description("Pauses new work while true; the gateway goes on with what is in force.")]
    public bool? Suspend { get; init; }

    [Description("The name under which clients reach the gateway, with the port when it is not 443. It is part of every image name.")]
    [StringLength(200, MinimumLength = 1)]
    [RegularExpression(HostPattern)]
    public required string Host { get; init; }

    [Description("The registry behind the gateway: docker-registry, distribution, or another one that serves the OCI distribution API.")]
    public required RegistryUpstream Upstream { get; init; }

    [Description("The Notary server behind the gateway, reached by clients as https://HOST/v2/REPOSITORY/_trust/.")]
    public NotaryUpstream? Notary { get; init; }

    [Description("Private addresses that webhooks of this registry's repositories may be sent to: host names, addresses, or networks such as 10.0.0.0/8.")]
    [ListMap]
    [Items(100)]
    public IReadOnlyList<string>? Egress { get; init; }

    [Description("The Secret in portcullis-system whose key token the registry sends with its notifications, as Authorization: Bearer TOKEN, to the operator's port 9292 and the path /registry/NAME. With them, what is pushed past the gateway is found at once and not at the next poll.")]
    public SecretReference? NotificationsSecretRef { get; init; }

    [Description("Vulnerabilities that are not counted in any repository of this registry, each for a reason and for a limited time.")]
    [Items(500)]
    public IReadOnlyList<VulnerabilityOverride>? VulnerabilityOverrides { get; init; }

    [Description("How often the registry's tags are compared with the ledger, to find what was pushed past the gateway. Default 5m.")]
    [RegularExpression(KubernetesDuration.Pattern)]
    public string? PollInterval { get; init; }
}

/// <summary>The registry that stores the images.</summary>
[Rule("has(self.url) != has(self.urlSecretRef)", "name one of url and urlSecretRef")]
[Rule("!(has(self.signingSecretRef) && has(self.credentialsSecretRef))", "name signingSecretRef or credentialsSecretRef, not both")]
public sealed record RegistryUpstream
{
    [Description("https://HOST[:PORT], or http:// for a registry on the same machine.")]
    [StringLength(512, MinimumLength = 1)]
    [RegularExpression("^https?://[A-Za-z0-9.:\\[\\]-]+/?$")]
    public string? Url { get; init; }

    [Description("The Secret in portcullis-system whose key url is the registry's address: for one whose address Git cannot know, such as that of portcullis up.")]
    public SecretReference? UrlSecretRef { get; init; }

    [Description("The Secret in portcullis-system whose ca.crt signs the registry's certificate. The system's authorities when empty.")]
    public SecretReference? CaSecretRef { get; init; }

    [Description("The Secret in portcullis-system with tls.key and tls.crt: the key that signs the tokens which the registry accepts, and its certificate chain to one of the registry's rootcertbundle.")]
    public SecretReference? SigningSecretRef { get; init; }

    [Description("The issuer that the registry expects in a token (auth.token.issuer). Default portcullis.")]
    [StringLength(253, MinimumLength = 1)]
    public string? Issuer { get; init; }

    [Description("The service that the registry expects in a token (auth.token.service). Default portcullis-upstream.")]
    [StringLength(253, MinimumLength = 1)]
    public string? Service { get; init; }

    [Description("The Secret in portcullis-system with username and password, for a registry without token authentication.")]
    public SecretReference? CredentialsSecretRef { get; init; }
}

/// <summary>The Notary server of a registry.</summary>
[Rule("has(self.url) != has(self.urlSecretRef)", "name one of url and urlSecretRef")]
public sealed record NotaryUpstream
{
    [Description("https://HOST[:PORT], or http:// for a server on the same machine.")]
    [StringLength(512, MinimumLength = 1)]
    [RegularExpression("^https?://[A-Za-z0-9.:\\[\\]-]+/?$")]
    public string? Url { get; init; }

    [Description("The Secret in portcullis-system whose key url is the server's address.")]
    public SecretReference? UrlSecretRef { get; init; }

    [Description("The Secret in portcullis-system whose ca.crt signs the server's certificate. The system's authorities when empty.")]
    public SecretReference? CaSecretRef { get; init; }
}
