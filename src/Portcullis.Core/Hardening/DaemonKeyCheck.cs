using System.Text.Json.Nodes;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Hardening;

/// <summary>
/// Says what is wrong with one key, before an engine fails to start with it. Messages begin with the key and end with what to write
/// instead, where that is known.
/// </summary>
public static class DaemonKeyCheck
{
    /// <summary>What is wrong on every engine: an unknown name, a wrong type, a value that none accepts, a key that none supports any more.</summary>
    public static Problem? OnAnyEngine(string name, JsonNode? value) => ToProblem(name, WrongOnAnyEngine(name, value));

    /// <summary>What is wrong on an engine of this version.</summary>
    public static Problem? On(EngineVersion version, string name, JsonNode? value) => ToProblem(name, WrongOn(version, name, value));

    private static Problem? ToProblem(string name, string? message) =>
        message is null ? null : new Problem(HardeningReasons.Refused, $"spec.daemonJSON.{name}", message);

    private static string? WrongOnAnyEngine(string name, JsonNode? value)
    {
        if (DaemonKeys.Find(name) is not { } key)
        {
            return Unknown(name);
        }

        if (key is { Until: { } until, Instead: not null } && until <= new EngineVersion(23, 0, 0))
        {
            return $"{name} was removed: engines from {until.Release} on do not start with it; {key.Instead}";
        }

        return DaemonValueCheck.Check(key, value);
    }

    private static string? WrongOn(EngineVersion version, string name, JsonNode? value)
    {
        if (DaemonKeys.Find(name) is not { } key)
        {
            return Unknown(name);
        }

        if (version < key.Since)
        {
            return $"{name} is not supported by engine {version}, which would not start: it was added in {key.Since}";
        }

        if (key.Until is { } until && version >= until)
        {
            return $"{name} is not supported by engine {version}, which would not start: it was removed in {until}; {key.Instead ?? "delete it"}";
        }

        if (key.IgnoredSince is { } ignored && version >= ignored)
        {
            return $"{name} has no effect on engine {version}: engines ignore it since {ignored}; delete it";
        }

        return DaemonValueCheck.Check(key, value) ?? (name == "storage-driver" ? RemovedDriver(version, value!) : null);
    }

    private static string Unknown(string name)
    {
        if (DaemonKeys.Corrections.TryGetValue(name, out var meant))
        {
            return $"{name} is not a key of daemon.json: write {meant}";
        }

        if (DaemonKeys.OnlyFlags.Contains(name, StringComparer.Ordinal))
        {
            return $"{name} is only a flag of dockerd: an engine accepts it in daemon.json and never reads it; delete it";
        }

        return Spelling.Nearest(name, [.. DaemonKeys.All.Select(k => k.Name)], Math.Max(2, name.Length / 4)) is { } near
            ? $"{name} is not a key of daemon.json, and an engine would not start with it: did you mean {near}?"
            : $"{name} is not a key of daemon.json, and an engine would not start with it: delete it";
    }

    private static string? RemovedDriver(EngineVersion version, JsonNode value) => value.GetValue<string>() switch
    {
        "aufs" when version.Major >= 24 => $"storage-driver aufs is not supported by engine {version}: it was removed in 24.0.0; migrate the data and write overlay2",
        "devicemapper" when version.Major >= 25 => $"storage-driver devicemapper is not supported by engine {version}: it was removed in 25.0.0; migrate the data and write overlay2",
        _ => null,
    };
}
