using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Admission;

/// <summary>Amounts by resource name (v1 ResourceList), and what of them a pod asks for.</summary>
internal static class ResourceAmounts
{
    public static SortedDictionary<string, Quantity> Read(JsonObject? list)
    {
        var amounts = new SortedDictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var (name, value) in list ?? [])
        {
            if (Quantity.Parse(value) is { } quantity)
            {
                amounts[name] = quantity;
            }
        }

        return amounts;
    }

    /// <summary><c>a=1,b=2</c>, as quota messages list them.</summary>
    public static string Text(IEnumerable<KeyValuePair<string, Quantity>> amounts) =>
        string.Join(",", amounts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));

    public static JsonObject ToJson(IEnumerable<KeyValuePair<string, Quantity>> amounts)
    {
        var json = new JsonObject();
        foreach (var (name, quantity) in amounts)
        {
            json[name] = quantity.ToString();
        }

        return json;
    }

    public static void Add(IDictionary<string, Quantity> sum, string name, Quantity amount) =>
        sum[name] = sum.TryGetValue(name, out var present) ? present.Plus(amount) : amount;

    /// <summary>
    /// A pod's <c>requests</c> or <c>limits</c>: its containers and sidecars together, or any one init container (with the sidecars
    /// started before it), whichever is more, and its overhead (kubernetes component-helpers resource.PodRequests).
    /// </summary>
    public static SortedDictionary<string, Quantity> OfPod(JsonObject? spec, string which)
    {
        var sum = new SortedDictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var container in PodTemplates.Containers(spec, "containers"))
        {
            AddAll(sum, Of(container, which));
        }

        var sidecars = new SortedDictionary<string, Quantity>(StringComparer.Ordinal);
        var peak = new SortedDictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var init in PodTemplates.Containers(spec, "initContainers"))
        {
            var during = new SortedDictionary<string, Quantity>(sidecars, StringComparer.Ordinal);
            AddAll(during, Of(init, which));
            if (init.String("restartPolicy") == "Always")
            {
                AddAll(sidecars, Of(init, which));
            }

            RaiseTo(peak, during);
        }

        AddAll(sum, sidecars);
        RaiseTo(sum, peak);
        foreach (var (name, amount) in Read(spec.Object("overhead")))
        {
            if (which == "requests" || sum.ContainsKey(name))
            {
                Add(sum, name, amount);
            }
        }

        return sum;
    }

    public static SortedDictionary<string, Quantity> Of(JsonObject container, string which) => Read(container.Object("resources").Object(which));

    private static void AddAll(SortedDictionary<string, Quantity> sum, SortedDictionary<string, Quantity> amounts)
    {
        foreach (var (name, amount) in amounts)
        {
            Add(sum, name, amount);
        }
    }

    private static void RaiseTo(SortedDictionary<string, Quantity> sum, SortedDictionary<string, Quantity> least)
    {
        foreach (var (name, amount) in least)
        {
            sum[name] = sum.TryGetValue(name, out var present) ? present.Max(amount) : amount;
        }
    }
}
