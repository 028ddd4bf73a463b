using System.Text.Json.Nodes;
using Portcullis.Core.Kinds;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Revisions;

/// <summary>The kinds that a CustomResourceDefinition in a revision brings, before any server knows them.</summary>
public static class DeclaredKinds
{
    /// <summary>The kinds of every definition among these files; of two that bring one kind, the first.</summary>
    public static Dictionary<(string ApiVersion, string Kind), ApiResource> Of(IEnumerable<RevisionFile> files) => files
        .SelectMany(f => f.File.Manifests)
        .Where(m => m.Kind == ClusterKinds.CustomResourceDefinition.Kind && ObjectIdentity.GroupOf(m.ApiVersion) == ClusterKinds.CustomResourceDefinition.Group)
        .SelectMany(m => Of(m.ToObject()))
        .DistinctBy(r => (r.ApiVersion, r.Kind))
        .ToDictionary(r => (r.ApiVersion, r.Kind));

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
