using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Hardening;

/// <summary>
/// Judges daemon.json on one node, from what was observed after the last plan ran: what that plan still lists is not done.
/// </summary>
public sealed class DaemonJsonJudge
{
    private readonly DesiredConfiguration _desired;
    private readonly HardeningObservation _observed;
    private readonly HardeningPlan _plan;
    private readonly IReadOnlyList<KeyReading> _readings;
    private readonly PendingRestartReport? _pendingRestart;

    private DaemonJsonJudge(DesiredConfiguration desired, HardeningObservation observed, HardeningPlan plan)
    {
        (_desired, _observed, _plan) = (desired, observed, plan);
        _readings = observed.Settings is { } settings
            ? [.. plan.Target.Where(k => !plan.PendingRestart.Contains(k.Key)).Select(k => EngineReadBack.Read(k.Key, k.Value.Value, settings))]
            : [];
        _pendingRestart = PendingRestart();
    }

    /// <param name="hardenings">The NodeHardenings of the node.</param>
    /// <param name="desired">What they declare together.</param>
    /// <param name="observed">The node after the plan ran.</param>
    /// <param name="plan">The last plan.</param>
    /// <param name="results">The results of its actions.</param>
    public static DaemonJsonReport Judge(
        IReadOnlyList<NodeHardening> hardenings, DesiredConfiguration desired, HardeningObservation observed, HardeningPlan plan, IReadOnlyList<ActionResult> results)
    {
        var judge = new DaemonJsonJudge(desired, observed, plan);
        var failure = results.OfType<ActionResult.Failed>().FirstOrDefault()?.Problem;
        return new DaemonJsonReport([.. hardenings.Select(h => judge.Report(h, failure))], judge.Keys(), judge._pendingRestart);
    }

    private HardeningReport Report(NodeHardening hardening, Problem? failure)
    {
        var report = new HardeningReport { Name = hardening.Metadata.Name!, Generation = hardening.Metadata.Generation ?? 0, State = HardeningState.Observed, Message = "suspended" };
        return hardening.Spec.Suspend == true ? report
            : hardening.Spec.Mode == HardeningMode.Audit ? Audited(report, hardening)
            : NotApplied(report, failure) ?? Enforced(report);
    }

    /// <summary>Null when nothing is refused and nothing failed.</summary>
    private HardeningReport? NotApplied(HardeningReport report, Problem? failure)
    {
        var refusals = _plan.Refusals.Where(r => r.Hardening.Length == 0 || r.Hardening == report.Name).ToList();
        if (refusals.Count > 0)
        {
            return report with
            {
                State = refusals.Exists(r => r.WasTried) ? HardeningState.RolledBack : HardeningState.Refused,
                Message = string.Join("; ", refusals.Select(r => r.Problem.Message).Distinct(StringComparer.Ordinal)),
            };
        }

        return failure switch
        {
            { Reason: HardeningReasons.FileProblem } => report with { State = HardeningState.Refused, Message = failure.Message },
            not null when _observed.Engine is not null => report with { State = HardeningState.Applying, Message = $"failed, will be retried: {failure.Message}" },
            _ => Unreachable(report),
        };
    }

    private HardeningReport? Unreachable(HardeningReport report) => _observed.Engine is not null ? null : report with
    {
        State = HardeningState.Unknown, Message = _observed.EngineProblem ?? "the engine cannot be reached",
    };

    private HardeningReport Enforced(HardeningReport report)
    {
        // A key that two NodeHardenings declare has one owner, and is reported for both.
        var own = _plan.Target.Keys.Where(k => HardeningsOf(k).Contains(report.Name)).ToHashSet(StringComparer.Ordinal);
        if (_plan.ChangesNode)
        {
            return report with { State = HardeningState.Applying, Message = string.Join("; ", _plan.Describe()) };
        }

        if (_plan.PendingRestart.Any(k => HardeningsOf(k).Contains(report.Name)))
        {
            return report with { State = HardeningState.PendingRestart, Message = _pendingRestart!.Reason };
        }

        if (_readings.FirstOrDefault(r => own.Contains(r.Key) && !r.Agrees) is { } wrong)
        {
            return report with { State = HardeningState.NotInForce, Message = $"daemon.json sets {wrong.Key}, but the engine shows {Text(wrong.Key, wrong.Shown)}" };
        }

        var shown = _readings.Count(r => own.Contains(r.Key) && r.Shown is not null);
        return report with
        {
            State = HardeningState.InForce,
            Message = string.Create(CultureInfo.InvariantCulture, $"{Pluralize.Of(own.Count, "key")} in force, {shown} read back from the engine"),
        };
    }

    private HardeningReport Audited(HardeningReport report, NodeHardening hardening)
    {
        if (Unreachable(report) is { } unknown)
        {
            return unknown;
        }

        var values = _observed.File is DaemonFile.Json json ? json.Content.Values : [];
        var differences = hardening.Spec.DaemonJson.Select(p => Difference(p.Key, p.Value, values[p.Key] ?? Default(p.Key))).OfType<string>().Order(StringComparer.Ordinal).ToList();
        return differences.Count == 0
            ? report with { Message = $"{Pluralize.Of(hardening.Spec.DaemonJson.Count, "key")} audited, no difference" }
            : report with { State = HardeningState.Different, Message = string.Join("; ", differences) };
    }

    private string? Difference(string key, JsonNode? declared, JsonNode? written)
    {
        if (!JsonNode.DeepEquals(declared, written))
        {
            return $"{key} is {Text(key, written)}, not {Text(key, declared)}";
        }

        return JsonNode.DeepEquals(declared, _observed.InForce[key] ?? Default(key)) ? null : $"{key} is {Text(key, written)} in daemon.json, but not in force";
    }

    /// <summary>Every key of ours, by name, without values that may contain credentials.</summary>
    private IReadOnlyList<KeyReport> Keys() =>
    [
        .. _plan.Target.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p =>
        {
            var reading = _readings.FirstOrDefault(r => r.Key == p.Key);
            var isHidden = DaemonKeys.Find(p.Key)?.Sensitive == true;
            return new KeyReport
            {
                Key = p.Key,
                Hardening = p.Value.Hardening,
                Wanted = isHidden ? null : KubernetesJson.ToText(CredentialText.Hide(p.Value.Value)!),
                Seen = isHidden || reading?.Shown is null ? null : KubernetesJson.ToText(CredentialText.Hide(reading.Shown)!),
                ReadFrom = reading?.ReadFrom ?? "file",
                InForce = _observed.Engine is not null && !_plan.PendingRestart.Contains(p.Key) && reading?.Agrees != false
                    && JsonNode.DeepEquals(p.Value.Value, _observed.InForce[p.Key] ?? Default(p.Key)),
            };
        }),
    ];

    private PendingRestartReport? PendingRestart() => _plan.RestartId is not { } id ? null : new PendingRestartReport
    {
        Id = id,
        Summary = string.Join(", ", _plan.PendingRestart),
        Reason = _plan.Wait?.Message ?? "the engine is about to restart",
        AsksPermission = _plan.Wait is null || _plan.Wait.Reason == HardeningReasons.RestartWaitsForTurn,
        Hardenings = [.. _plan.PendingRestart.SelectMany(HardeningsOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
    };

    private JsonNode? Default(string key) => _observed.Engine is { } engine ? DaemonKeys.Find(key)?.DefaultOf(engine.Version) : null;

    /// <summary>The NodeHardenings that declare a key; else its last owner.</summary>
    private IEnumerable<string> HardeningsOf(string key)
    {
        var owner = (_plan.Target.GetValueOrDefault(key) ?? _observed.Owned.GetValueOrDefault(key))?.Hardening;
        var declared = _desired.Keys.GetValueOrDefault(key)?.Hardenings ?? [];
        return owner is null || declared.Contains(owner, StringComparer.Ordinal) ? declared : [owner];
    }

    private static string Text(string key, JsonNode? value) =>
        DaemonKeys.Find(key)?.Sensitive == true ? "a value that is not shown" : value is null ? "not set" : KubernetesJson.ToText(CredentialText.Hide(value)!);
}
