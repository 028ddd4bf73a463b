using System.Text.Json.Nodes;
using Portcullis.ApiServer.Http;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Authorization;

/// <summary>
/// One rule of a Role or ClusterRole, and the questions RBAC asks of it (rbac/v1 PolicyRule;
/// https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources). A resource <c>*</c> stands for all, and
/// <c>*/scale</c> for that subresource of all; <c>pods/*</c> is no wildcard, in Kubernetes and here.
/// </summary>
internal sealed record PolicyRule
{
    public const string All = "*";

    public IReadOnlyList<string> Verbs { get; init; } = [];

    public IReadOnlyList<string> ApiGroups { get; init; } = [];

    public IReadOnlyList<string> Resources { get; init; } = [];

    public IReadOnlyList<string> ResourceNames { get; init; } = [];

    public IReadOnlyList<string> NonResourceUrls { get; init; } = [];

    public static PolicyRule Parse(JsonNode? rule) => new()
    {
        Verbs = rule.Strings("verbs"),
        ApiGroups = rule.Strings("apiGroups"),
        Resources = rule.Strings("resources"),
        ResourceNames = rule.Strings("resourceNames"),
        NonResourceUrls = rule.Strings("nonResourceURLs"),
    };

    public static IReadOnlyList<PolicyRule> ParseRules(JsonObject role) => [.. (role.Array("rules") ?? []).Select(Parse)];

    /// <summary>As reviews print it: empty lists left out.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        AddList(json, "verbs", Verbs, always: true);
        AddList(json, "apiGroups", ApiGroups, always: false);
        AddList(json, "resources", Resources, always: false);
        AddList(json, "resourceNames", ResourceNames, always: false);
        AddList(json, "nonResourceURLs", NonResourceUrls, always: false);
        return json;
    }

    public bool Allows(RequestAttributes request) => request.IsResourceRequest
        ? AllowsVerb(request.Verb) && AllowsGroup(request.Group) && AllowsResource(request.Resource, request.Subresource) &&
            AllowsName(request.Name)
        : AllowsVerb(request.Verb) && AllowsUrl(request.Path);

    public bool AllowsVerb(string verb) => HasOrAll(Verbs, verb);

    public bool AllowsGroup(string group) => HasOrAll(ApiGroups, group);

    public bool AllowsResource(string resource, string subresource)
    {
        foreach (var allowed in Resources)
        {
            if (allowed == All || Names(allowed, resource, subresource))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>No names: any object. A request without a name (list, create) is never allowed by a rule that has names.</summary>
    public bool AllowsName(string name) => ResourceNames.Count == 0 || ResourceNames.Contains(name, StringComparer.Ordinal);

    public bool AllowsUrl(string path)
    {
        foreach (var allowed in NonResourceUrls)
        {
            if (UrlCovers(allowed, path))
            {
                return true;
            }
        }

        return false;
    }

    public static bool UrlCovers(string allowed, string path) =>
        allowed == All || allowed == path ||
        (allowed.EndsWith('*') && path.StartsWith(allowed.TrimEnd('*'), StringComparison.Ordinal));

    private static bool Names(string allowed, string resource, string subresource)
    {
        if (subresource.Length == 0)
        {
            return allowed == resource;
        }

        var slash = allowed.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !allowed.AsSpan(slash + 1).SequenceEqual(subresource))
        {
            return false;
        }

        var parent = allowed.AsSpan(0, slash);
        return parent.SequenceEqual(All) || parent.SequenceEqual(resource);
    }

    private static bool HasOrAll(IReadOnlyList<string> list, string wanted)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] == All || list[i] == wanted)
            {
                return true;
            }
        }

        return false;
    }

    private static void AddList(JsonObject json, string name, IReadOnlyList<string> values, bool always)
    {
        if (always || values.Count > 0)
        {
            json[name] = KubernetesJson.ToArray(values);
        }
    }
}
