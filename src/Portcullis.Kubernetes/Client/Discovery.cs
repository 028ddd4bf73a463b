using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Kubernetes.Client;

/// <summary>
/// Which kinds the server has. One aggregated request (KEP-3352) answers for all groups where the server offers it; an older
/// server is asked for each group and version when it is first needed. A kind not found is looked for again, so that a CRD just
/// applied is known at once, but not more often than the pause, so that a wrong manifest does not become load.
/// </summary>
internal sealed class Discovery(ApiTransport transport)
{
    private const string Aggregated =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
        + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long At, Dictionary<string, ApiResource> Kinds)> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task> _underWay = new(StringComparer.Ordinal);

    public async Task<ApiResource?> FindAsync(string apiVersion, string kind, CancellationToken cancellationToken)
    {
        Task refresh;
        lock (_gate)
        {
            if (_known.TryGetValue(apiVersion, out var known))
            {
                if (known.Kinds.TryGetValue(kind, out var resource))
                {
                    return resource;
                }

                if (transport.Time.GetElapsedTime(known.At) < Pause)
                {
                    return null;
                }
            }

            if (!_underWay.TryGetValue(apiVersion, out refresh!))
            {
                // Shared by all who wait for it, so no one's cancellation ends it.
                _underWay[apiVersion] = refresh = Task.Run(() => RefreshAsync(apiVersion), CancellationToken.None);
            }
        }

        await refresh.WaitAsync(cancellationToken);
        lock (_gate)
        {
            return _known.TryGetValue(apiVersion, out var found) ? found.Kinds.GetValueOrDefault(kind) : null;
        }
    }

    /// <summary>The kind by whichever version is served now. What was known of the group is forgotten.</summary>
    public async Task<ApiResource?> FindServedAsync(string group, string kind, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            foreach (var apiVersion in _known.Keys.Where(k => k.StartsWith(group + "/", StringComparison.Ordinal)).ToList())
            {
                _known.Remove(apiVersion);
            }
        }

        var known = await transport.SendForObjectAsync(ApiRequest.Get($"/apis/{group}"), cancellationToken, absentIsNull: true);
        var preferred = known.Object("preferredVersion").String("groupVersion");
        foreach (var apiVersion in (known.Array("versions") ?? []).Select(v => v.String("groupVersion")).OfType<string>().OrderBy(v => v != preferred))
        {
            await ReadVersionAsync(apiVersion, cancellationToken);
            lock (_gate)
            {
                if (_known[apiVersion].Kinds.TryGetValue(kind, out var resource))
                {
                    return resource;
                }
            }
        }

        return null;
    }

    private async Task RefreshAsync(string apiVersion)
    {
        var core = !apiVersion.Contains('/', StringComparison.Ordinal);
        try
        {
            var request = new ApiRequest(HttpMethod.Get, core ? "/api" : "/apis") { Accept = Aggregated };
            var answer = await transport.SendForObjectAsync(request, CancellationToken.None);
            if (answer.String("kind") != "APIGroupDiscoveryList")
            {
                await ReadVersionAsync(apiVersion, CancellationToken.None);
                return;
            }

            lock (_gate)
            {
                Remember(apiVersion, []); // asked for, whether or not it is among the answers
                foreach (var group in (answer.Array("items") ?? []).OfType<JsonObject>())
                {
                    ReadGroup(group);
                }
            }
        }
        finally
        {
            lock (_gate)
            {
                _underWay.Remove(apiVersion);
            }
        }
    }

    private async Task ReadVersionAsync(string apiVersion, CancellationToken cancellationToken)
    {
        var root = apiVersion.Contains('/', StringComparison.Ordinal) ? "/apis" : "/api";
        var list = await transport.SendForObjectAsync(ApiRequest.Get($"{root}/{apiVersion}"), cancellationToken, absentIsNull: true);
        lock (_gate)
        {
            Remember(apiVersion, (list.Array("resources") ?? []).OfType<JsonObject>().Select(r => ReadResource(apiVersion, r)));
        }
    }

    private void ReadGroup(JsonObject group)
    {
        var name = group.Object("metadata").String("name") ?? "";
        foreach (var version in (group.Array("versions") ?? []).OfType<JsonObject>())
        {
            var apiVersion = name.Length == 0 ? version.String("version") ?? "" : $"{name}/{version.String("version")}";
            Remember(apiVersion, (version.Array("resources") ?? []).OfType<JsonObject>().Select(r => ReadAggregated(apiVersion, r)));
        }
    }

    private void Remember(string apiVersion, IEnumerable<ApiResource?> resources)
    {
        var kinds = new Dictionary<string, ApiResource>(StringComparer.Ordinal);
        foreach (var resource in resources.OfType<ApiResource>())
        {
            // Several plurals of one kind exist only as oddities (Scale, reviews); the first is the one objects are stored under.
            kinds.TryAdd(resource.Kind, resource);
        }

        _known[apiVersion] = (transport.Time.GetTimestamp(), kinds);
    }

    private static ApiResource? ReadAggregated(string apiVersion, JsonObject r) =>
        Build(apiVersion, r.Object("responseKind").String("kind"), r.String("resource"), r.String("scope") == "Namespaced", r, r.String("singularResource"));

    private static ApiResource? ReadResource(string apiVersion, JsonObject r) =>
        r["namespaced"] is JsonValue value && value.TryGetValue(out bool namespaced)
            ? Build(apiVersion, r.String("kind"), r.String("name"), namespaced, r, r.String("singularName"))
            : null;

    private static ApiResource? Build(string apiVersion, string? kind, string? plural, bool namespaced, JsonObject r, string? singular)
    {
        if (string.IsNullOrEmpty(kind) || string.IsNullOrEmpty(plural) || plural.Contains('/', StringComparison.Ordinal))
        {
            return null; // a subresource
        }

        var cut = apiVersion.IndexOf('/', StringComparison.Ordinal);
        return new ApiResource(cut < 0 ? "" : apiVersion[..cut], cut < 0 ? apiVersion : apiVersion[(cut + 1)..], kind, plural, namespaced)
        {
            ShortNames = Strings(r, "shortNames"),
            Categories = Strings(r, "categories"),
            Singular = string.IsNullOrEmpty(singular) ? kind.ToLowerInvariant() : singular,
        };
    }

    private static List<string> Strings(JsonObject r, string name) => [.. (r.Array(name) ?? []).Select(n => n?.GetValue<string>() ?? "")];
}
