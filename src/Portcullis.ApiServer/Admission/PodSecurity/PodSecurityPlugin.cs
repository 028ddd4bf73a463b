using System.Text.Json.Nodes;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Admission.PodSecurity;

/// <summary>
/// Pod Security admission: refuses pods that violate the namespace's <c>enforce</c> level and warns of those (and of workloads whose
/// pods would) by its <c>warn</c> level. The <c>audit</c> level is read and checked; there is no audit log to write it to.
/// https://kubernetes.io/docs/concepts/security/pod-security-admission/
/// </summary>
internal sealed class PodSecurityPlugin(IObjectStore store) : IAdmissionPlugin
{
    private const int MaximumPodsToLookAt = 3000;

    public ValueTask MutateAsync(AdmissionAttributes request, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask ValidateAsync(AdmissionAttributes request, CancellationToken cancellationToken)
    {
        if (request.Object is { } value && request.Operation is "CREATE" or "UPDATE")
        {
            if (request.Resource is { Group: "", Plural: "namespaces" })
            {
                ValidateNamespace(request, value);
            }
            else if (PodTemplates.IsPod(request.Resource))
            {
                ValidatePod(request, value);
            }
            else if (request.Attributes.Subresource.Length == 0 && PodTemplates.Of(request.Resource, value) is { } template)
            {
                Warn(request, template, LabelsOf(request.Attributes.Namespace));
            }
        }

        return ValueTask.CompletedTask;
    }

    private static void Warn(AdmissionAttributes request, JsonObject pod, PodSecurityLabels labels)
    {
        if (PodSecurityEvaluation.Violations(labels.Warn, pod) is { Length: > 0 } violations)
        {
            request.Warnings.Add($"would violate PodSecurity \"{labels.Warn}\": {violations}");
        }
    }

    private void ValidatePod(AdmissionAttributes request, JsonObject pod)
    {
        if (request.Attributes.Subresource is not ("" or "ephemeralcontainers" or "resize") || !IsSignificant(request, pod))
        {
            return;
        }

        var labels = LabelsOf(request.Attributes.Namespace);
        if (labels.IsPrivileged)
        {
            return;
        }

        if (PodSecurityEvaluation.Violations(labels.Enforce, pod) is { Length: > 0 } violations)
        {
            throw Denial.Forbidden(request, $"violates PodSecurity \"{labels.Enforce}\": {violations}");
        }

        Warn(request, pod, labels);
    }

    private void ValidateNamespace(AdmissionAttributes request, JsonObject value)
    {
        if (request.Attributes.Subresource.Length > 0)
        {
            return;
        }

        var labels = PodSecurityLabels.Read(value);
        var old = request.OldObject is null ? null : PodSecurityLabels.Read(request.OldObject);
        if (labels.Errors.Count > 0 && (old is null || !labels.Errors.SequenceEqual(old.Errors, StringComparer.Ordinal)))
        {
            throw Unreadable(value, labels.Errors);
        }

        if (old is not null && labels.Enforce != old.Enforce && labels.Enforce.Level != PodSecurityStandard.Privileged &&
            (labels.Enforce.Minor != old.Enforce.Minor || labels.Enforce.Level > old.Enforce.Level))
        {
            WarnOfPresentPods(request, value.Object("metadata").String("name") ?? "", labels.Enforce);
        }
    }

    /// <summary>What already runs is not stopped by a stricter level; its owner gets a warning.</summary>
    private void WarnOfPresentPods(AdmissionAttributes request, string @namespace, PodSecurityPolicy policy)
    {
        var byViolation = store.List(PolicyKinds.Pod, @namespace)
            .Take(MaximumPodsToLookAt)
            .Select(stored => (stored.Key.Name, Violations: PodSecurityEvaluation.Violations(policy, stored.Object)))
            .Where(found => found.Violations.Length > 0)
            .GroupBy(found => found.Violations, found => found.Name, StringComparer.Ordinal)
            .Select(group => (Violations: group.Key, Names: group.Order(StringComparer.Ordinal).ToList()))
            .OrderBy(found => found.Names[0], StringComparer.Ordinal)
            .ToList();
        if (byViolation.Count == 0)
        {
            return;
        }

        request.Warnings.Add($"existing pods in namespace \"{@namespace}\" violate the new PodSecurity enforce level \"{policy}\"");
        foreach (var (violations, names) in byViolation)
        {
            var others = names.Count switch
            {
                1 => "",
                2 => " (and 1 other pod)",
                var count => $" (and {count - 1} other pods)",
            };
            request.Warnings.Add($"{names[0]}{others}: {violations}");
        }
    }

    private PodSecurityLabels LabelsOf(string @namespace) => PodSecurityLabels.Read(store.Get(PolicyKinds.Namespace, ObjectKey.Cluster(@namespace))?.Object);

    /// <summary>Updates of metadata, tolerations and the like are not evaluated again; anything else in the spec is.</summary>
    private static bool IsSignificant(AdmissionAttributes request, JsonObject pod) =>
        request.OldObject is not { } old ||
        !JsonNode.DeepEquals(old["spec"], pod["spec"]) ||
        !JsonNode.DeepEquals(old.Object("metadata")?["annotations"], pod.Object("metadata")?["annotations"]);

    private static AdmissionDeniedException Unreadable(JsonObject @namespace, IReadOnlyList<string> errors)
    {
        var name = @namespace.Object("metadata").String("name") ?? "";
        var text = errors.Count == 1 ? errors[0] : $"[{string.Join(", ", errors)}]";
        var causes = new JsonArray([.. errors.Select(error => error.Split(": ", 2)).Select(parts => (JsonNode)new JsonObject
        {
            ["reason"] = "FieldValueInvalid",
            ["message"] = parts[1],
            ["field"] = parts[0],
        })]);
        return new AdmissionDeniedException(
            422,
            "Invalid",
            $"Namespace \"{name}\" is invalid: {text}",
            new JsonObject { ["name"] = name, ["kind"] = "Namespace", ["causes"] = causes });
    }
}
