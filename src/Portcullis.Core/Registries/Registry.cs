using System.Text.Json.Serialization.Metadata;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Registries;

/// <summary>A registry behind the gateway: how clients name it, and how the program reaches it.</summary>
public sealed record Registry : Resource<RegistrySpec, RegistryStatus>, IResource<Registry>
{
    public static ApiResource Definition { get; } = new(WellKnown.Group, WellKnown.Version, "Registry", "registries", false)
    {
        ShortNames = ["reg"],
        Categories = [WellKnown.Category],
    };

    public static JsonTypeInfo<Registry> JsonType => RegistriesJsonContext.Default.Registry;

    /// <summary>No claims: a registry serves every source, so only the root source may declare one.</summary>
    public static KindDefinition KindDefinition { get; } = new(Definition, JsonType, new CrdOptions
    {
        Description = "A registry behind the gateway: the host name that clients use, and how the operator and the gateway reach it.",
        Columns =
        [
            new PrinterColumn("Host", ".spec.host"),
            new PrinterColumn("Repositories", ".status.repositories", "integer"),
            new PrinterColumn("Tags", ".status.tags", "integer", 1),
            new PrinterColumn("Certificate", ".status.gatewayCertificateExpiresAt", Priority: 1),
            new PrinterColumn("Upstream", ".spec.upstream.url", Priority: 1),
        ],
    })
    {
        MustBeDeclared = _ => true,
        Rules = [new RegistryRule()],
    };
}
