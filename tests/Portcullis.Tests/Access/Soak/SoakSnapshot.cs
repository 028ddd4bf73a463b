using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Organizations;
using Portcullis.Core.Roles;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;

namespace Portcullis.Tests.Access.Soak;

/// <summary>The world as the API server has it at this moment, past any store.</summary>
internal sealed record SoakSnapshot
{
    public required IReadOnlyList<JsonObject> Collections { get; init; }

    public required IReadOnlyList<JsonObject> Grants { get; init; }

    public required IReadOnlyList<JsonObject> Organizations { get; init; }

    public required IReadOnlyList<JsonObject> Roles { get; init; }

    public required IReadOnlyList<JsonObject> Sources { get; init; }

    public required IReadOnlyDictionary<string, JsonObject> Namespaces { get; init; }

    public required IReadOnlyList<JsonObject> Nodes { get; init; }

    public required IReadOnlyList<JsonObject> Bindings { get; init; }

    public required IReadOnlyDictionary<string, JsonObject> ClusterRoles { get; init; }

    public required IReadOnlyDictionary<string, JsonObject> Quotas { get; init; }

    public static async Task<SoakSnapshot> TakeAsync(KubernetesClient client) => new()
    {
        Collections = await ListAsync(client, Collection.Definition),
        Grants = await ListAsync(client, Grant.Definition),
        Organizations = await ListAsync(client, Organization.Definition),
        Roles = await ListAsync(client, AccessRole.Definition),
        Sources = await ListAsync(client, GitSource.Definition),
        Namespaces = (await ListAsync(client, ClusterKinds.Namespace)).ToDictionary(Name),
        Nodes = await ListAsync(client, ClusterKinds.Node),
        Bindings = [.. (await ListAsync(client, ClusterKinds.RoleBinding)).Where(b => Name(b).StartsWith("portcullis:", StringComparison.Ordinal))],
        ClusterRoles = (await ListAsync(client, ClusterKinds.ClusterRole)).Where(r => Name(r).StartsWith("portcullis:", StringComparison.Ordinal)).ToDictionary(Name),
        Quotas = (await ListAsync(client, ClusterKinds.ResourceQuota)).Where(q => Name(q) == "portcullis-guardrails").ToDictionary(Namespace),
    };

    public static string Name(JsonObject value) => value.Object("metadata").String("name")!;

    public static string Namespace(JsonObject value) => value.Object("metadata").String("namespace")!;

    public static bool IsGoing(JsonObject value) => value.Object("metadata").String("deletionTimestamp") is not null;

    public static JsonObject Spec(JsonObject value) => value.Object("spec")!;

    private static async Task<IReadOnlyList<JsonObject>> ListAsync(KubernetesClient client, ApiResource resource)
    {
        var all = new List<JsonObject>();
        await foreach (var one in client.ListAsync(resource, new ListOptions(), CancellationToken.None))
        {
            all.Add(one);
        }

        return all;
    }
}
