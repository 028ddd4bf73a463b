using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Portcullis.Clients.Engine;

/// <summary><c>GET /info</c>: the parts that decide something, and the whole for reading settings back.</summary>
public sealed record EngineInfo
{
    public string? Id { get; init; }

    public string? Name { get; init; }

    public string? ServerVersion { get; init; }

    public int ContainersRunning { get; init; }

    public EnginePlugins? Plugins { get; init; }

    public EngineSwarm? Swarm { get; init; }

    /// <summary>Everything the engine said.</summary>
    [JsonIgnore]
    public JsonObject Raw { get; init; } = [];

    internal static EngineInfo Read(byte[] answer)
    {
        var info = JsonSerializer.Deserialize(answer, EngineJsonContext.Default.EngineInfo) ?? throw new JsonException("null");
        return info with { Raw = (JsonObject)JsonNode.Parse(answer)! };
    }
}

public sealed record EnginePlugins
{
    /// <summary>Null and empty are the same: no plugin.</summary>
    public IReadOnlyList<string>? Authorization { get; init; }
}

public sealed record EngineSwarm
{
    /// <summary>inactive, pending, active, error or locked.</summary>
    public string? LocalNodeState { get; init; }

    public bool ControlAvailable { get; init; }

    public string? NodeId { get; init; }
}

/// <summary>One line of <c>GET /events</c>.</summary>
public sealed record EngineEvent
{
    public string? Type { get; init; }

    public string? Action { get; init; }

    public EngineEventActor? Actor { get; init; }

    public long TimeNano { get; init; }
}

public sealed record EngineEventActor
{
    public string? Id { get; init; }

    public IReadOnlyDictionary<string, string>? Attributes { get; init; }
}

internal sealed record EngineErrorAnswer
{
    public string? Message { get; init; }
}

/// <summary>The Engine's names differ in case between endpoints (<c>Id</c>, <c>ID</c>, <c>timeNano</c>), so case does not matter.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, MaxDepth = 64)]
[JsonSerializable(typeof(EngineInfo))]
[JsonSerializable(typeof(EngineEvent))]
[JsonSerializable(typeof(EngineErrorAnswer))]
internal sealed partial class EngineJsonContext : JsonSerializerContext;
