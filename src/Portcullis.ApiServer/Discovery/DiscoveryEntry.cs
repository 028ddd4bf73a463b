using System.Text.Json.Nodes;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Reviews;

namespace Portcullis.ApiServer.Discovery;

/// <summary>One resource or subresource as discovery names it.</summary>
internal sealed record DiscoveryEntry(string Group, string Version, string Plural, ApiResource Kind, IReadOnlyList<string> Verbs)
{
    private static readonly IReadOnlyList<string> CustomVerbs =
        ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];

    private static readonly IReadOnlyList<string> SubresourceVerbs = ["get", "patch", "update"];

    private static readonly ApiResource Scale = new("autoscaling", "v1", "Scale", "scale", true);

    /// <summary>The resource that a subresource hangs below.</summary>
    public string? Parent { get; init; }

    public bool Namespaced { get; init; }

    /// <summary>Stored kinds have a hash; clients only compare it.</summary>
    public bool Stored { get; init; }

    public static IEnumerable<DiscoveryEntry> Of(ServedKind kind)
    {
        var resource = kind.Resource;
        yield return new DiscoveryEntry(resource.Group, resource.Version, resource.Plural, resource, kind.IsCustom ? CustomVerbs : kind.Verbs)
        {
            Namespaced = resource.Namespaced,
            Stored = true,
        };
        foreach (var (name, below, verbs) in kind.Subresources)
        {
            yield return Sub(resource, name, below, verbs);
        }

        if (kind.Scale is not null)
        {
            yield return Sub(resource, "scale", Scale, SubresourceVerbs);
        }

        if (kind.HasStatus)
        {
            yield return Sub(resource, "status", resource, SubresourceVerbs);
        }
    }

    public static DiscoveryEntry Of(IVirtualResource review)
    {
        var plural = review.Resource.Plural;
        var slash = plural.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return new DiscoveryEntry(review.Resource.Group, review.Resource.Version, plural, review.Resource, ["create"])
            {
                Namespaced = review.Resource.Namespaced,
            };
        }

        // A subresource of a core kind whose own kind is of another group (serviceaccounts/token).
        return new DiscoveryEntry("", "v1", plural, review.Resource, ["create"]) { Namespaced = true, Parent = plural[..slash] };
    }

    public JsonObject ToResource()
    {
        var resource = new JsonObject
        {
            ["name"] = Plural,
            ["singularName"] = Parent is null ? Kind.Singular : "",
            ["namespaced"] = Namespaced,
        };
        if (Kind.Group != Group)
        {
            resource["group"] = Kind.Group;
            resource["version"] = Kind.Version;
        }

        resource["kind"] = Kind.Kind;
        resource["verbs"] = Strings(Verbs);
        if (Parent is null)
        {
            AddNames(resource);
        }

        if (Stored)
        {
            resource["storageVersionHash"] = Hash();
        }

        return resource;
    }

    public JsonObject ToAggregated(IEnumerable<DiscoveryEntry> below)
    {
        var resource = new JsonObject
        {
            ["resource"] = Plural,
            ["responseKind"] = ResponseKind(),
            ["scope"] = Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = Kind.Singular,
            ["verbs"] = Strings(Verbs),
        };
        AddNames(resource);
        var subresources = new JsonArray();
        foreach (var entry in below)
        {
            subresources.Add((JsonNode)new JsonObject
            {
                ["subresource"] = entry.Plural[(Plural.Length + 1)..],
                ["responseKind"] = entry.ResponseKind(),
                ["verbs"] = Strings(entry.Verbs),
            });
        }

        if (subresources.Count > 0)
        {
            resource["subresources"] = subresources;
        }

        return resource;
    }

    private static DiscoveryEntry Sub(ApiResource parent, string name, ApiResource kind, IReadOnlyList<string> verbs) =>
        new(parent.Group, parent.Version, $"{parent.Plural}/{name}", kind, verbs) { Namespaced = parent.Namespaced, Parent = parent.Plural };

    private static JsonArray Strings(IReadOnlyList<string> values) => new(values.Select(v => (JsonNode?)v).ToArray());

    /// <summary>Group and version are only named where they differ from where the resource stands.</summary>
    private JsonObject ResponseKind() => Kind.Group == Group
        ? new JsonObject { ["group"] = "", ["version"] = "", ["kind"] = Kind.Kind }
        : new JsonObject { ["group"] = Kind.Group, ["version"] = Kind.Version, ["kind"] = Kind.Kind };

    private void AddNames(JsonObject resource)
    {
        if (Kind.ShortNames.Count > 0)
        {
            resource["shortNames"] = Strings(Kind.ShortNames);
        }

        if (Kind.Categories.Count > 0)
        {
            resource["categories"] = Strings(Kind.Categories);
        }
    }

    private string Hash()
    {
        var text = System.Text.Encoding.UTF8.GetBytes($"{Group}/{Version}/{Kind.Kind}");
        return Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(text).AsSpan(0, 8));
    }
}
