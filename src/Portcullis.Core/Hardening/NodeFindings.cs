using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Hardening;

/// <summary>Everything the agent found out in one round, from which its report is made.</summary>
public sealed record NodeFindings
{
    public required IReadOnlyList<NodeHardening> Hardenings { get; init; }

    public required HardeningDesire Desire { get; init; }

    public required HardeningObservation Observed { get; init; }

    /// <summary>The plan of a moment after acting: what it still lists is not done.</summary>
    public required HardeningPlan Plan { get; init; }

    /// <summary>Our keys as the engine shows them.</summary>
    public required IReadOnlyList<KeyReading> Readings { get; init; }

    /// <summary>What became of each NodeHardening on this node.</summary>
    public IReadOnlyList<HardeningReport> Reports() => [.. Hardenings.Select(Report)];

    /// <summary>Every key of ours, by name; values that may hold a credential stay out.</summary>
    public IReadOnlyList<KeyReport> Keys() =>
    [
        .. Plan.Target.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p =>
        {
            var reading = Readings.FirstOrDefault(r => r.Key == p.Key);
            var hidden = DaemonKeys.Find(p.Key)?.Sensitive == true;
            return new KeyReport
            {
                Key = p.Key,
                Hardening = p.Value.Hardening,
                Wanted = hidden ? null : KubernetesJson.ToText(p.Value.Value),
                Seen = hidden || reading?.Seen is null ? null : KubernetesJson.ToText(reading.Seen),
                ReadFrom = reading?.ReadFrom ?? "file",
                InForce = Observed.Engine is not null && !Plan.PendingRestart.Contains(p.Key) && reading?.Agrees != false
                    && JsonNode.DeepEquals(p.Value.Value, Observed.InForce[p.Key] ?? Default(p.Key)),
            };
        }),
    ];

    public PendingRestartReport? PendingRestart()
    {
        if (Plan.RestartId is not { } id)
        {
            return null;
        }

        var wait = Plan.Actions.OfType<HardeningAction.Wait>().FirstOrDefault();
        return new PendingRestartReport
        {
            Id = id,
            Summary = string.Join(", ", Plan.PendingRestart),
            Reason = wait?.Message ?? "about to restart",
            AsksPermission = wait is null || wait.Reason == HardeningReasons.RestartWaitsForTurn,
            Hardenings = [.. Plan.PendingRestart.SelectMany(Concerned).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        };
    }

    private HardeningReport Report(NodeHardening hardening)
    {
        var name = hardening.Metadata.Name!;
        var (state, message) = StateOf(hardening, name);
        return new HardeningReport { Name = name, Generation = hardening.Metadata.Generation ?? 0, State = state, Message = message };
    }

    private (HardeningState State, string Message) StateOf(NodeHardening hardening, string name)
    {
        if (hardening.Spec.Suspend == true)
        {
            return (HardeningState.Observed, "suspended");
        }

        var refusals = Plan.Refusals.Where(r => r.Hardening.Length == 0 || r.Hardening == name).ToList();
        if (refusals.Count > 0 && hardening.Spec.Mode == HardeningMode.Enforce)
        {
            var state = refusals.Exists(r => r.WasTried) ? HardeningState.RolledBack : HardeningState.Refused;
            return (state, string.Join("; ", refusals.Select(r => r.Message).Distinct(StringComparer.Ordinal)));
        }

        if (Observed.Engine is null)
        {
            return (HardeningState.Unknown, Observed.EngineProblem ?? "the engine cannot be reached");
        }

        return hardening.Spec.Mode == HardeningMode.Audit ? Audited(hardening) : Enforced(name);
    }

    private (HardeningState State, string Message) Enforced(string name)
    {
        // A key that two agree on has one owner, and is asked for by both.
        var own = Plan.Target.Keys.Where(k => Concerned(k).Contains(name)).ToHashSet(StringComparer.Ordinal);
        if (Plan.Actions.Any(a => a is HardeningAction.Write or HardeningAction.Reload or HardeningAction.Restart or HardeningAction.RollBack))
        {
            return (HardeningState.Applying, string.Join("; ", Plan.Describe()));
        }

        if (Plan.PendingRestart.Any(k => Concerned(k).Contains(name)))
        {
            return (HardeningState.PendingRestart, PendingRestart()!.Reason);
        }

        if (Readings.FirstOrDefault(r => own.Contains(r.Key) && !r.Agrees) is { } wrong)
        {
            return (HardeningState.NotInForce, $"daemon.json has {wrong.Key}, but the engine shows {Shown(wrong.Key, wrong.Seen)}");
        }

        var read = Readings.Count(r => own.Contains(r.Key) && r.Seen is not null);
        return (HardeningState.InForce, string.Create(CultureInfo.InvariantCulture, $"{Counted.Of(own.Count, "key")} in force, {read} read back from the engine"));
    }

    private (HardeningState State, string Message) Audited(NodeHardening hardening)
    {
        var values = Observed.File is DaemonFile.Json json ? json.Content.Values : [];
        var differences = hardening.Spec.DaemonJson
            .Where(p => !JsonNode.DeepEquals(p.Value, values[p.Key] ?? Default(p.Key)) || !JsonNode.DeepEquals(p.Value, Observed.InForce[p.Key] ?? Default(p.Key)))
            .Select(p => (values[p.Key] ?? Default(p.Key)) is var written && JsonNode.DeepEquals(p.Value, written)
                ? $"{p.Key} is {Shown(p.Key, written)} in daemon.json, but not in force"
                : $"{p.Key} is {Shown(p.Key, written)}, not {Shown(p.Key, p.Value)}")
            .Order(StringComparer.Ordinal).ToList();
        return differences.Count == 0
            ? (HardeningState.Observed, $"{Counted.Of(hardening.Spec.DaemonJson.Count, "key")} audited, no difference")
            : (HardeningState.Different, string.Join("; ", differences));
    }

    private JsonNode? Default(string key) => Observed.Engine is { } engine ? DaemonKeys.Find(key)?.DefaultOf(engine.Version) : null;

    /// <summary>Who asks for a key; else who owned it last.</summary>
    private IEnumerable<string> Concerned(string key)
    {
        var owner = (Plan.Target.GetValueOrDefault(key) ?? Observed.Owned.GetValueOrDefault(key))?.Hardening;
        var askers = Desire.Keys.GetValueOrDefault(key)?.Askers ?? [];
        return owner is null ? askers : askers.Contains(owner, StringComparer.Ordinal) ? askers : [owner];
    }

    private static string Shown(string key, JsonNode? value) =>
        DaemonKeys.Find(key)?.Sensitive == true ? "a value not shown" : value is null ? "not set" : KubernetesJson.ToText(value);
}
