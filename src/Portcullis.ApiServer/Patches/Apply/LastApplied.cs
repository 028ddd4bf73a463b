using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Patches.Apply;

/// <summary>
/// Lets <c>kubectl apply --server-side</c> take over what <c>kubectl apply</c> made: the fields of its last-applied annotation that still
/// have their values are its own (apiserver's lastAppliedManager), and the annotation follows what it applies (lastAppliedUpdater).
/// </summary>
internal static class LastApplied
{
    private const string Kubectl = "kubectl";
    private const string Annotation = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>Null when the manager is not kubectl or the object was not made by its client-side apply.</summary>
    public static FieldSet? OwnedBy(string manager, JsonObject live, StructuralSchema schema)
    {
        if (manager != Kubectl || Read(live) is not { } last)
        {
            return null;
        }

        var difference = FieldWalk.Compare(last, live, schema);
        var changed = FieldSet.Union(FieldSet.Union(difference.Modified, difference.Added), difference.Removed);
        return FieldSet.Difference(FieldWalk.FieldsOf(last, schema), changed);
    }

    /// <summary>Writes what kubectl applied into the annotation, if there is one.</summary>
    public static void Follow(string manager, JsonObject? merged, JsonObject applied)
    {
        if (manager != Kubectl || merged.Object("metadata").Object("annotations") is not { } annotations || !annotations.ContainsKey(Annotation))
        {
            return;
        }

        var config = (JsonObject)applied.DeepClone();
        config.Object("metadata").Object("annotations")?.Remove(Annotation);
        annotations[Annotation] = KubernetesJson.ToText(config) + "\n";
    }

    private static JsonObject? Read(JsonObject live)
    {
        if (live.Object("metadata").Object("annotations").String(Annotation) is not { } text)
        {
            return null;
        }

        try
        {
            return KubernetesJson.Parse(Encoding.UTF8.GetBytes(text)) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
