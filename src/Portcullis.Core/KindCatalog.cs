using System.Collections.Frozen;
using System.Text.Json.Serialization.Metadata;

namespace Portcullis.Core;

/// <summary>What is needed to make a kind's CRD and to read its manifests.</summary>
public sealed record KindDefinition(ApiResource Resource, JsonTypeInfo Type, CrdOptions Options)
{
    /// <summary>False for kinds that only the program writes: Git may not declare them.</summary>
    public bool Declarable { get; init; } = true;
}

/// <summary>All kinds of this program, in the order in which a revision applies them. A new kind is one line here.</summary>
public static class KindCatalog
{
    public static IReadOnlyList<KindDefinition> Kinds { get; } =
    [
        Sources.GitSource.CatalogEntry,
        Sources.SourceInventory.CatalogEntry,
        Organizations.Organization.CatalogEntry,
        Roles.AccessRole.CatalogEntry,
        Collections.Collection.CatalogEntry,
        Grants.Grant.CatalogEntry,
        Hardening.NodeHardening.CatalogEntry,
        Hardening.NodeReport.CatalogEntry,
    ];

    private static readonly FrozenDictionary<(string ApiVersion, string Kind), KindDefinition> ByName =
        Kinds.ToFrozenDictionary(k => (k.Resource.ApiVersion, k.Resource.Kind));

    public static KindDefinition? Find(string apiVersion, string kind) => ByName.GetValueOrDefault((apiVersion, kind));
}
