using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Admission;

/// <summary>
/// LimitRanges at work: fills in the requests and limits that a pod's containers leave open, then holds containers, pods and claims
/// against minimum, maximum and ratio. https://kubernetes.io/docs/concepts/policy/limit-range/
/// </summary>
internal sealed class LimitRanger(IObjectStore store) : IAdmissionPlugin
{
    private const string Annotation = "kubernetes.io/limit-ranger";

    public ValueTask MutateAsync(AdmissionAttributes request, CancellationToken cancellationToken)
    {
        if (request.Operation == "CREATE" && request.Attributes.Subresource.Length == 0 && PodTemplates.IsPod(request.Resource) &&
            request.Object is { } pod)
        {
            foreach (var range in store.List(PolicyKinds.LimitRange, request.Attributes.Namespace))
            {
                FillIn(pod, range.Object);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ValidateAsync(AdmissionAttributes request, CancellationToken cancellationToken)
    {
        if (request.Object is not { } value || request.Operation is not ("CREATE" or "UPDATE") || request.Attributes.Subresource.Length > 0)
        {
            return ValueTask.CompletedTask;
        }

        var isPod = PodTemplates.IsPod(request.Resource) && request.Operation == "CREATE";
        var isClaim = request.Resource is { Group: "", Plural: "persistentvolumeclaims" };
        if (isPod || isClaim)
        {
            foreach (var range in store.List(PolicyKinds.LimitRange, request.Attributes.Namespace))
            {
                var problems = isPod ? PodProblems(value, range.Object) : ClaimProblems(value, range.Object);
                if (problems.Count > 0)
                {
                    throw Denial.Forbidden(request, problems.Count == 1 ? problems[0] : $"[{string.Join(", ", problems)}]");
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    private static void FillIn(JsonObject pod, JsonObject range)
    {
        var requests = new SortedDictionary<string, Quantity>(StringComparer.Ordinal);
        var limits = new SortedDictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var item in Items(range, "Container"))
        {
            foreach (var (name, amount) in ResourceAmounts.Read(item.Object("defaultRequest")))
            {
                requests[name] = amount;
            }

            foreach (var (name, amount) in ResourceAmounts.Read(item.Object("default")))
            {
                limits[name] = amount;
            }
        }

        var done = new List<string>();
        foreach (var (field, word) in ((string, string)[])[("containers", "container"), ("initContainers", "init container")])
        {
            foreach (var container in PodTemplates.Containers(pod.Object("spec"), field))
            {
                FillIn(container, "requests", requests, $"request for {word}", done);
                FillIn(container, "limits", limits, $"limit for {word}", done);
            }
        }

        if (done.Count > 0)
        {
            var metadata = pod.Object("metadata")!;
            if (metadata.Object("annotations") is not { } annotations)
            {
                metadata["annotations"] = annotations = [];
            }

            annotations[Annotation] = $"LimitRanger plugin set: {string.Join("; ", done)}";
        }
    }

    private static void FillIn(JsonObject container, string which, SortedDictionary<string, Quantity> defaults, string word, List<string> done)
    {
        var present = ResourceAmounts.Of(container, which);
        var missing = defaults.Where(pair => !present.ContainsKey(pair.Key)).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        if (container.Object("resources") is not { } resources)
        {
            container["resources"] = resources = [];
        }

        if (resources.Object(which) is not { } list)
        {
            resources[which] = list = [];
        }

        foreach (var (name, amount) in missing)
        {
            list[name] = amount.ToString();
        }

        done.Add($"{string.Join(", ", missing.Select(pair => pair.Key))} {word} {PodTemplates.Name(container)}");
    }

    private static List<string> PodProblems(JsonObject pod, JsonObject range)
    {
        var problems = new List<string>();
        var spec = pod.Object("spec");
        foreach (var item in Items(range, "Container"))
        {
            foreach (var container in PodTemplates.Containers(spec, "containers").Concat(PodTemplates.Containers(spec, "initContainers")))
            {
                Hold(item, ResourceAmounts.Of(container, "requests"), ResourceAmounts.Of(container, "limits"), problems);
            }
        }

        foreach (var item in Items(range, "Pod"))
        {
            Hold(item, ResourceAmounts.OfPod(spec, "requests"), ResourceAmounts.OfPod(spec, "limits"), problems);
        }

        return problems;
    }

    private static List<string> ClaimProblems(JsonObject claim, JsonObject range)
    {
        var problems = new List<string>();
        var requests = ResourceAmounts.Read(claim.Object("spec").Object("resources").Object("requests"));
        foreach (var item in Items(range, "PersistentVolumeClaim"))
        {
            // A claim has no limits: its request is held against both ends.
            Hold(item, requests, requests, problems);
        }

        return problems;
    }

    private static void Hold(
        JsonObject item, SortedDictionary<string, Quantity> requests, SortedDictionary<string, Quantity> limits, List<string> problems)
    {
        var type = item.String("type") ?? "";
        foreach (var (name, least) in ResourceAmounts.Read(item.Object("min")))
        {
            Add(problems, Minimum($"minimum {name} usage per {type} is {least}", name, least, requests, limits));
        }

        foreach (var (name, most) in ResourceAmounts.Read(item.Object("max")))
        {
            Add(problems, Maximum($"maximum {name} usage per {type} is {most}", name, most, requests, limits));
        }

        foreach (var (name, ratio) in ResourceAmounts.Read(item.Object("maxLimitRequestRatio")))
        {
            Add(problems, Ratio($"{name} max limit to request ratio per {type} is {ratio}", name, ratio, requests, limits));
        }
    }

    private static string? Minimum(
        string rule, string name, Quantity least, SortedDictionary<string, Quantity> requests, SortedDictionary<string, Quantity> limits)
    {
        if (!requests.TryGetValue(name, out var request))
        {
            return $"{rule}.  No request is specified";
        }

        return request < least ? $"{rule}, but request is {request}"
            : limits.TryGetValue(name, out var limit) && limit < least ? $"{rule}, but limit is {limit}"
            : null;
    }

    private static string? Maximum(
        string rule, string name, Quantity most, SortedDictionary<string, Quantity> requests, SortedDictionary<string, Quantity> limits)
    {
        if (!limits.TryGetValue(name, out var limit))
        {
            return $"{rule}.  No limit is specified";
        }

        return limit > most ? $"{rule}, but limit is {limit}"
            : requests.TryGetValue(name, out var request) && request > most ? $"{rule}, but request is {request}"
            : null;
    }

    private static string? Ratio(
        string rule, string name, Quantity ratio, SortedDictionary<string, Quantity> requests, SortedDictionary<string, Quantity> limits)
    {
        if (!requests.TryGetValue(name, out var request) || request == Quantity.Zero)
        {
            return $"{rule}, but no request is specified or request is 0";
        }

        if (!limits.TryGetValue(name, out var limit) || limit == Quantity.Zero)
        {
            return $"{rule}, but no limit is specified or limit is 0";
        }

        var provided = limit.Value / request.Value;
        return provided > ratio.Value ? $"{rule}, but provided ratio is {provided.ToString("F6", CultureInfo.InvariantCulture)}" : null;
    }

    private static void Add(List<string> problems, string? problem)
    {
        if (problem is not null)
        {
            problems.Add(problem);
        }
    }

    private static IEnumerable<JsonObject> Items(JsonObject range, string type) =>
        (range.Object("spec").Array("limits") ?? []).OfType<JsonObject>().Where(item => item.String("type") == type);
}
