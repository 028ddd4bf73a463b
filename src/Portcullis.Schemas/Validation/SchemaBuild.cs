using Portcullis.Schemas.Structural;

namespace Portcullis.Schemas.Validation;

/// <summary>Where in a schema a node is being built: what its rules may see of old values, and how often they may run.</summary>
internal sealed record SchemaBuild(string Path, List<FieldError> Errors, RuleCosts Costs)
{
    /// <summary>The list above whose old items have no identity; null where old values are known.</summary>
    public string? Uncorrelatable { get; init; }

    /// <summary>How many values at this place one object may have; null when nothing limits them.</summary>
    public double? Times { get; init; } = 1;

    public bool IsResource { get; init; }

    public SchemaBuild Property(string name, StructuralSchema schema) => this with { Path = $"{Path}.properties[{name}]", IsResource = schema.EmbeddedResource };

    public SchemaBuild Values(StructuralSchema map) => this with
    {
        Path = $"{Path}.additionalProperties",
        IsResource = map.AdditionalProperties!.EmbeddedResource,
        Times = Times * map.MaxProperties,
    };

    public SchemaBuild Items(StructuralSchema list) => this with
    {
        Path = $"{Path}.items",
        IsResource = list.Items!.EmbeddedResource,
        Times = Times * list.MaxItems,
        Uncorrelatable = list.ListType == "map" ? Uncorrelatable : Path,
    };

    public SchemaBuild Junctor(string step) => this with { Path = $"{Path}.{step}", IsResource = false };
}
