using System.Text.Json.Nodes;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Reviews;

namespace Portcullis.ApiServer.Discovery;

/// <summary>The API's discovery documents: groups, versions and resources, in the older form and the aggregated one.</summary>
internal sealed class DiscoveryDocuments(KindRegistry kinds, IReadOnlyCollection<IVirtualResource> virtuals, string address)
{
    public JsonObject CoreVersions() => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = address }),
    };

    public JsonObject Groups()
    {
        var groups = new JsonArray();
        foreach (var group in Entries().Select(e => e.Group).Where(g => g.Length > 0).Distinct(StringComparer.Ordinal))
        {
            groups.Add((JsonNode)GroupOf(group));
        }

        return new JsonObject { ["kind"] = "APIGroupList", ["apiVersion"] = "v1", ["groups"] = groups };
    }

    /// <summary>Null when the group is not served.</summary>
    public JsonObject? Group(string name)
    {
        if (name.Length == 0 || !Entries().Any(e => e.Group == name))
        {
            return null;
        }

        var group = GroupOf(name);
        group.Insert(0, "kind", "APIGroup");
        group.Insert(1, "apiVersion", "v1");
        return group;
    }

    /// <summary>Null when nothing of that group and version is served.</summary>
    public JsonObject? Resources(string group, string version)
    {
        var entries = Entries().Where(e => e.Group == group && e.Version == version).ToList();
        if (entries.Count == 0)
        {
            return null;
        }

        var list = new JsonObject { ["kind"] = "APIResourceList" };
        if (group.Length > 0)
        {
            list["apiVersion"] = "v1";
        }

        list["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}";
        list["resources"] = new JsonArray(entries
            .OrderBy(e => e.Plural, StringComparer.Ordinal)
            .Select(e => (JsonNode)e.ToResource())
            .ToArray());
        return list;
    }

    /// <summary>apidiscovery.k8s.io/v2, of the core group or of all others.</summary>
    public JsonObject Aggregated(bool core)
    {
        var items = new JsonArray();
        foreach (var group in Entries().Where(e => (e.Group.Length == 0) == core).GroupBy(e => e.Group, StringComparer.Ordinal))
        {
            var versions = new JsonArray();
            foreach (var version in group.GroupBy(e => e.Version, StringComparer.Ordinal).OrderBy(v => v.Key, VersionOrder.Instance))
            {
                versions.Add((JsonNode)AggregatedVersion(version.Key, [.. version]));
            }

            var metadata = new JsonObject();
            if (!core)
            {
                metadata["name"] = group.Key;
            }

            items.Add((JsonNode)new JsonObject { ["metadata"] = metadata, ["versions"] = versions });
        }

        return new JsonObject
        {
            ["kind"] = "APIGroupDiscoveryList",
            ["apiVersion"] = "apidiscovery.k8s.io/v2",
            ["metadata"] = new JsonObject(),
            ["items"] = items,
        };
    }

    private static JsonObject AggregatedVersion(string version, List<DiscoveryEntry> entries)
    {
        var resources = new JsonArray();
        foreach (var entry in entries.Where(e => e.Parent is null).OrderBy(e => e.Plural, StringComparer.Ordinal))
        {
            var below = entries.Where(e => e.Parent == entry.Plural).OrderBy(e => e.Plural, StringComparer.Ordinal);
            resources.Add((JsonNode)entry.ToAggregated(below));
        }

        return new JsonObject { ["version"] = version, ["resources"] = resources, ["freshness"] = "Current" };
    }

    private JsonObject GroupOf(string name)
    {
        var versions = Entries().Where(e => e.Group == name).Select(e => e.Version).Distinct(StringComparer.Ordinal)
            .Order(VersionOrder.Instance)
            .Select(v => new JsonObject { ["groupVersion"] = $"{name}/{v}", ["version"] = v })
            .ToList();
        return new JsonObject
        {
            ["name"] = name,
            ["versions"] = new JsonArray(versions.Select(v => v.DeepClone()).ToArray()),
            ["preferredVersion"] = versions[0],
        };
    }

    private IEnumerable<DiscoveryEntry> Entries() => kinds.Current.Kinds.SelectMany(DiscoveryEntry.Of).Concat(virtuals.Select(DiscoveryEntry.Of));
}
