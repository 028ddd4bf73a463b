using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portcullis.Core.Kinds;

/// <summary>Objects of a revision that passed their schema, as their types.</summary>
public static class TypedObject
{
    public static T Read<T>(JsonObject value)
        where T : class, IResource<T> =>
        value.Deserialize(T.JsonType)!;

    /// <summary>Objects of a kind that are in force besides the revision; what cannot be read any more is left out.</summary>
    public static IEnumerable<T> InForce<T>(DeclaredRevision revision)
        where T : class, IResource<T>
    {
        foreach (var value in revision.InForce)
        {
            if (Objects.Json.KubernetesJson.String(value, "kind") == T.Definition.Kind
                && Objects.Json.KubernetesJson.String(value, "apiVersion") == T.Definition.ApiVersion
                && TryRead<T>(value) is { } typed)
            {
                yield return typed;
            }
        }
    }

    private static T? TryRead<T>(JsonObject value)
        where T : class, IResource<T>
    {
        try
        {
            return value.Deserialize(T.JsonType);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
