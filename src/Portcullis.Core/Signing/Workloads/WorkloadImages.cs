using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Core.Roles;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Signing.Workloads;

/// <summary>The images of a pod, or of the pods that are made from an object's template.</summary>
public static class WorkloadImages
{
    private static readonly string[] ContainerLists = ["initContainers", "containers", "ephemeralContainers"];

    /// <summary>Every image, in the order of the lists. Null: nothing in the object is known to be a pod, or a template of pods.</summary>
    public static IReadOnlyList<ImageUse>? Of(JsonObject value)
    {
        if (AskedOptions.PodSpec(value) is not var (spec, path))
        {
            return null;
        }

        var uses = new List<ImageUse>();
        foreach (var list in ContainerLists)
        {
            AddContainers(uses, spec, list, $"{path}.{list}");
        }

        AddVolumes(uses, spec, $"{path}.volumes");
        return uses;
    }

    /// <summary>The images by name, once each, in the order of the lists; empty for an object without any.</summary>
    public static IReadOnlyList<string> NamesOf(JsonObject value) =>
        [.. (Of(value) ?? []).Select(u => u.Image).Where(i => i is { Length: > 0 }).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>
    /// The images of an object that nobody has decided on yet. In a pod that is there those are the ones that it did not have. A template
    /// whose images are the ones it had makes the pods that it made; with another image it makes other pods, and each image of them counts.
    /// </summary>
    /// <param name="value">The object as it is to be.</param>
    /// <param name="old">As it is; null when it is created.</param>
    public static IReadOnlyList<ImageUse>? ToJudge(JsonObject value, JsonObject? old)
    {
        var uses = Of(value);
        if (uses is null || old is null)
        {
            return uses;
        }

        var known = (Of(old) ?? []).Select(Identity).ToHashSet();
        return value.String("kind") == "Pod" ? [.. uses.Where(u => !known.Contains(Identity(u)))]
            : known.SetEquals(uses.Select(Identity)) ? []
            : uses;
    }

    private static (string List, string Name, string? Image) Identity(ImageUse use) => (use.List, use.Name, use.Image);

    private static void AddContainers(List<ImageUse> uses, JsonObject spec, string list, string path)
    {
        foreach (var (container, at) in Items(spec, list, path))
        {
            uses.Add(new ImageUse(list, container.String("name") ?? "", $"{at}.image", container.String("image")));
        }
    }

    private static void AddVolumes(List<ImageUse> uses, JsonObject spec, string path)
    {
        foreach (var (volume, at) in Items(spec, "volumes", path))
        {
            if (volume.Object("image") is { } source)
            {
                uses.Add(new ImageUse("volumes", volume.String("name") ?? "", $"{at}.image.reference", source.String("reference")));
            }
        }
    }

    /// <summary>Something else in the place of a list or of an item counts as an item without an image.</summary>
    private static IEnumerable<(JsonNode? Item, string Path)> Items(JsonObject spec, string list, string path) => spec[list] switch
    {
        null => [],
        JsonArray items => items.Select((item, i) => (item, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"))),
        var other => [(other, path)],
    };
}
