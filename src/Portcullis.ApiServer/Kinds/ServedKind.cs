using System.Text.Json.Nodes;
using Portcullis.Schemas.Structural;
using Portcullis.Schemas.Validation;

namespace Portcullis.ApiServer.Kinds;

/// <summary>One column of a custom resource's table.</summary>
internal sealed record CustomColumn(string Name, string Type, string JsonPath, string? Format, string? Description, int Priority);

/// <summary>Where a kind keeps its scale (autoscaling/v1 Scale).</summary>
internal sealed record ScalePaths(string Spec, string Status, string? Selector);

/// <summary>One version of one kind as the API serves it. Immutable; shared by all requests.</summary>
internal sealed record ServedKind
{
    public static readonly IReadOnlyList<string> AllVerbs =
        ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    public required ApiResource Resource { get; init; }

    /// <summary>With apiVersion, kind and metadata; what server-side apply and explain walk.</summary>
    public required StructuralSchema Schema { get; init; }

    /// <summary>Custom resources only: validates, defaults and prunes.</summary>
    public CompiledSchema? Custom { get; init; }

    public IReadOnlyList<string> Verbs { get; init; } = AllVerbs;

    public bool HasStatus { get; init; }

    /// <summary>Whether <c>metadata.generation</c> counts changes of the spec.</summary>
    public bool HasGeneration { get; init; }

    public ScalePaths? Scale { get; init; }

    /// <summary>Custom resources only; null shows the age alone.</summary>
    public IReadOnlyList<CustomColumn>? Columns { get; init; }

    /// <summary>Fields that a field selector may name, beside metadata.name and metadata.namespace.</summary>
    public IReadOnlyList<string> SelectableFields { get; init; } = [];

    /// <summary>Warning for using a deprecated version.</summary>
    public string? Deprecation { get; init; }

    /// <summary>The version objects are stored in.</summary>
    public string StorageVersion { get; init; } = "v1";

    /// <summary>The group and plural of the store this kind reads, where another group's kind is the same thing (events).</summary>
    public ApiResource Storage { get; init; } = new("", "", "", "", false);

    /// <summary>Turns a stored object into this version, and back; identity where null.</summary>
    public Func<JsonObject, JsonObject>? FromStorage { get; init; }

    public Func<JsonObject, JsonObject>? ToStorage { get; init; }

    /// <summary>Further subresources that discovery names; path element, kind, verbs.</summary>
    public IReadOnlyList<(string Name, ApiResource Kind, IReadOnlyList<string> Verbs)> Subresources { get; init; } = [];

    public bool IsCustom => Custom is not null;
}
