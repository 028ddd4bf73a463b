using System.Text.Json.Nodes;

namespace Portcullis.ApiServer.Patches;

/// <summary>RFC 7386.</summary>
internal static class MergePatch
{
    /// <summary>A patched copy.</summary>
    public static JsonObject Apply(JsonObject value, JsonObject patch)
    {
        var result = (JsonObject)value.DeepClone();
        MergeInto(result, patch);
        return result;
    }

    private static void MergeInto(JsonObject target, JsonObject patch)
    {
        foreach (var (name, change) in patch)
        {
            switch (change)
            {
                case null:
                    target.Remove(name);
                    break;
                case JsonObject deeper:
                    if (target[name] is not JsonObject inner)
                    {
                        target[name] = inner = [];
                    }

                    MergeInto(inner, deeper);
                    break;
                default:
                    target[name] = change.DeepClone();
                    break;
            }
        }
    }
}
