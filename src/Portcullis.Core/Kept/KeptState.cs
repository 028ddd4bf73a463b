using System.Text.Json.Nodes;
using Portcullis.Core.Drift;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Kept;

/// <summary>
/// Whether an object that is ours as a whole says what it should and nothing else: a field that somebody added (another limit of a quota, its
/// scopes, <c>resourceNames</c> of a rule) changes what ours mean. Others' labels and annotations do not.
/// </summary>
public static class KeptState
{
    public static bool Holds(JsonObject body, JsonObject? observed)
    {
        if (observed is null || !DesiredState.Holds(body, observed))
        {
            return false;
        }

        var whole = WithDefaults(body);
        return observed.All(field => !IsContent(field.Key) || DesiredState.Holds(field.Value, whole[field.Key]));
    }

    /// <summary>A merge patch that takes the fields off that nobody asked for; null when there are none. Lists are written whole by every apply.</summary>
    public static JsonObject? Surplus(JsonObject body, JsonObject observed) => Beyond(WithDefaults(body), observed.Where(f => IsContent(f.Key)));

    /// <summary>Whether the object differs in a field that the server never changes, so that it must be deleted and made again.</summary>
    public static bool MustBeReplaced(JsonObject body, JsonObject observed) =>
        !DesiredState.Holds(body["roleRef"], observed["roleRef"])
        || (body.String("kind") == ClusterKinds.ResourceQuota.Kind && Surplus(body, observed).Object("spec") is { } spec
            && (spec.ContainsKey("scopes") || spec.ContainsKey("scopeSelector")));

    private static JsonObject? Beyond(JsonObject wanted, IEnumerable<KeyValuePair<string, JsonNode?>> present)
    {
        var patch = new JsonObject();
        foreach (var (name, value) in present)
        {
            if (wanted[name] is JsonObject inner && value is JsonObject below)
            {
                if (Beyond(inner, below) is { } deeper)
                {
                    patch[name] = deeper;
                }
            }
            else if (wanted[name] is null && !DesiredState.Holds(value, null))
            {
                patch[name] = null;
            }
        }

        return patch.Count == 0 ? null : patch;
    }

    private static bool IsContent(string field) => field is not ("apiVersion" or "kind" or "metadata" or "status");

    /// <summary>A LimitRange gets the defaults of containers from its bounds (SetDefaults_LimitRangeItem); the other kinds stay as they are written.</summary>
    private static JsonObject WithDefaults(JsonObject body)
    {
        if (body.String("kind") != ClusterKinds.LimitRange.Kind)
        {
            return body;
        }

        var whole = (JsonObject)body.DeepClone();
        foreach (var item in (whole.Object("spec").Array("limits") ?? []).OfType<JsonObject>().Where(i => i.String("type") == "Container"))
        {
            Fill(item, "default", "max");
            Fill(item, "defaultRequest", "default");
            Fill(item, "defaultRequest", "min");
        }

        return whole;
    }

    private static void Fill(JsonObject item, string name, string from)
    {
        if (item.Object(from) is not { Count: > 0 } values)
        {
            return;
        }

        if (item.Object(name) is not { } into)
        {
            item[name] = into = [];
        }

        foreach (var (resource, value) in values.Where(v => !into.ContainsKey(v.Key)).ToList())
        {
            into[resource] = value?.DeepClone();
        }
    }
}
