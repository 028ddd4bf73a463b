using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Sources;

/// <summary>The kinds that a CustomResourceDefinition in a revision brings, before any server knows them.</summary>
internal static class DeclaredKinds
{
    public static IEnumerable<ApiResource> Of(JsonObject definition)
    {
        var spec = definition.Object("spec");
        if (spec.String("group") is not { } group || spec.Object("names").String("kind") is not { } kind || spec.Object("names").String("plural") is not { } plural)
        {
            yield break;
        }

        foreach (var version in spec.Array("versions") ?? [])
        {
            if (version.String("name") is { } name)
            {
                yield return new ApiResource(group, name, kind, plural, spec.String("scope") == "Namespaced");
            }
        }
    }
}
