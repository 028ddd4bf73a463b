using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Collections;

/// <summary>
/// By what a collection knows its namespaces and nodes: a label with its name; on one that lost the label, the annotation with its path.
/// </summary>
public readonly record struct CollectionMark(string Name, string? Path)
{
    public bool IsOn(JsonObject present)
    {
        var metadata = present.Object("metadata");
        return metadata.Object("labels").String(WellKnown.Labels.Collection) is { } label
            ? label == Name
            : Path is not null && metadata.Object("annotations").String(WellKnown.Annotations.AccessLabel) == Path;
    }
}
