using System.Text.Json.Serialization.Metadata;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Collections;

/// <summary>A part of the tree of resources on which access is granted: namespaces, nodes and repositories, with their guardrails.</summary>
public sealed record Collection : Resource<CollectionSpec, CollectionStatus>, IResource<Collection>
{
    public static ApiResource Definition { get; } = new(WellKnown.Group, WellKnown.Version, "Collection", "collections", false)
    {
        ShortNames = ["coll"],
        Categories = [WellKnown.Category],
    };

    public static JsonTypeInfo<Collection> JsonType => CollectionsJsonContext.Default.Collection;

    public static KindDefinition KindDefinition { get; } = new(Definition, JsonType, new CrdOptions
    {
        Description = "A part of the tree of resources on which access is granted: namespaces, nodes and repositories, with their guardrails.",
        Columns =
        [
            new PrinterColumn("Path", ".spec.path"),
            new PrinterColumn("Namespaces", ".status.namespaceCount", "integer"),
            new PrinterColumn("Nodes", ".status.nodeCount", "integer", 1),
            new PrinterColumn("Repositories", ".spec.repositories", Priority: 1),
            new PrinterColumn("Foreign", ".status.foreignBindings", "integer", 1),
            new PrinterColumn("Guardrails", ".status.conditions[?(@.type==\"GuardrailsEnforced\")].status", Priority: 1),
        ],
    })
    {
        NameIsLabelValue = true,
        Rules = [new CollectionRule()],
        Claims = one => CollectionClaims.Of(TypedObject.Read<Collection>(one.Value).Spec),
    };
}
