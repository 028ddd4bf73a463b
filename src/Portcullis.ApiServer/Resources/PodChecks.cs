using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Resources;

/// <summary>What a pod, or the pod in a workload, must have, and what of it may change later.</summary>
internal static class PodChecks
{
    private static readonly string[] Mutable = ["activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds", "schedulingGates"];

    public static IEnumerable<FieldError> Check(JsonObject value, JsonObject? old)
    {
        foreach (var error in Spec(value.Object("spec"), "spec"))
        {
            yield return error;
        }

        if (old is not null && !JsonNode.DeepEquals(Frozen(value), Frozen(old)))
        {
            yield return new FieldError(
                "FieldValueForbidden",
                "spec",
                "Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)");
        }
    }

    public static IEnumerable<FieldError> CheckWorkload(JsonObject value, JsonObject? old)
    {
        var spec = value.Object("spec");
        var selector = spec.Object("selector");
        if (selector is null)
        {
            yield return new FieldError("FieldValueRequired", "spec.selector", "Required value");
        }
        else if (selector.Object("matchLabels") is { } wanted)
        {
            var labels = spec.Object("template").Object("metadata").Object("labels") ?? [];
            if (wanted.Any(w => !JsonNode.DeepEquals(labels[w.Key], w.Value)))
            {
                yield return new FieldError(
                    "FieldValueInvalid",
                    "spec.template.metadata.labels",
                    $"Invalid value: {KubernetesJson.ToText(labels)}: `selector` does not match template `labels`");
            }
        }

        if (old is not null && !JsonNode.DeepEquals(selector, old.Object("spec").Object("selector")))
        {
            yield return new FieldError(
                "FieldValueInvalid", "spec.selector", $"Invalid value: {KubernetesJson.ToText(selector)}: field is immutable");
        }

        foreach (var error in Spec(spec.Object("template").Object("spec"), "spec.template.spec"))
        {
            yield return error;
        }
    }

    private static IEnumerable<FieldError> Spec(JsonObject? spec, string path)
    {
        var containers = spec.Array("containers") ?? [];
        if (containers.Count == 0)
        {
            yield return new FieldError("FieldValueRequired", $"{path}.containers", "Required value");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < containers.Count; i++)
        {
            var name = containers[i].String("name") ?? "";
            if (name.Length == 0)
            {
                yield return new FieldError("FieldValueRequired", $"{path}.containers[{i}].name", "Required value");
            }
            else if (!names.Add(name))
            {
                yield return new FieldError("FieldValueDuplicate", $"{path}.containers[{i}].name", $"Duplicate value: \"{name}\"");
            }

            if (string.IsNullOrEmpty(containers[i].String("image")))
            {
                yield return new FieldError("FieldValueRequired", $"{path}.containers[{i}].image", "Required value");
            }
        }
    }

    private static JsonObject Frozen(JsonObject pod)
    {
        var spec = (JsonObject?)pod.Object("spec")?.DeepClone() ?? [];
        foreach (var name in Mutable)
        {
            spec.Remove(name);
        }

        foreach (var container in WorkloadDefaults.Containers(spec))
        {
            container.Remove("image");
        }

        return spec;
    }
}
