using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Tests.Hardening.Soak;

/// <summary>
/// What the declarations come to, by the documents alone and nothing of the product's own reckoning. Where something wrong is declared the
/// past decides which values stay, and less can be said; where nothing is, the file, the engine and every status are known exactly.
/// </summary>
internal sealed class SoakExpectation
{
    private readonly SoakWorld _world;
    private readonly JsonObject _foreign;
    private readonly List<JsonObject> _selecting;
    private readonly List<JsonObject> _enforced;
    private readonly Dictionary<string, JsonNode?> _declared = [];
    private readonly List<string> _differences = [];
    private readonly bool _areInConflict;
    private readonly bool _stops;
    private readonly HashSet<string> _invalid;
    private readonly HashSet<string> _pending;
    private readonly HashSet<string> _pendingKeys;

    private SoakExpectation(SoakWorld world, JsonObject foreign)
    {
        _world = world;
        _foreign = foreign;
        _selecting = [.. world.Hardenings.Where(h => !IsGoing(h) && (Spec(h)["nodeSelector"]?["tier"]?.GetValue<string>() ?? world.Tier) == world.Tier)];
        _enforced = [.. _selecting.Where(h => !IsSuspended(h) && !IsAudit(h))];
        foreach (var (key, value) in _enforced.SelectMany(Keys))
        {
            _areInConflict |= !_declared.TryAdd(key, value) && !JsonNode.DeepEquals(_declared[key], value);
        }

        _invalid = [.. _enforced.Where(h => Keys(h).Any(IsInvalid)).Select(Name)];
        _stops = _enforced.Any(h => !_invalid.Contains(Name(h)) && JsonNode.DeepEquals(Keys(h)[SoakKeys.Stopper.Key], JsonNode.Parse(SoakKeys.Stopper.Value)));
        _pendingKeys = [.. ReportStatus["pendingRestart"]?["summary"]?.GetValue<string>().Split(", ") ?? []];
        _pending = [.. (ReportStatus["pendingRestart"]?["hardenings"]?.AsArray() ?? []).Select(h => h!.GetValue<string>())];
    }

    private JsonObject ReportStatus => _world.Report?["status"]?.AsObject() ?? [];

    private bool IsExact => !_areInConflict && !_stops && _invalid.Count == 0;

    /// <summary>Empty when everything is as it should be.</summary>
    /// <param name="world">All there is.</param>
    /// <param name="foreign">The keys of nobody but whoever edits by hand.</param>
    /// <param name="isOursAlone">Whether keys of ours were in force by our doing alone since the engine started: undeclared, they must be gone from it.</param>
    public static IReadOnlyList<string> Differences(SoakWorld world, JsonObject foreign, bool isOursAlone)
    {
        var expectation = new SoakExpectation(world, foreign);
        if (world.Info is null || world.File is null)
        {
            return [$"engine {(world.Info is null ? "does not answer" : "answers")}, daemon.json {(world.File is null ? "is no JSON" : "is JSON")}"];
        }

        expectation.CheckFile();
        expectation.CheckEngine(isOursAlone);
        expectation.CheckReport();
        foreach (var hardening in world.Hardenings)
        {
            expectation.CheckStatus(hardening);
        }

        expectation.CheckTraces();
        return expectation._differences;
    }

    private void CheckFile()
    {
        foreach (var (key, value) in _foreign)
        {
            Same($"foreign {key} in daemon.json", value, _world.File![key]);
        }

        foreach (var (key, value) in Good().Where(_ => !_stops))
        {
            Same($"{key} in daemon.json", value, _world.File![key]);
        }

        var more = _world.File!.Select(p => p.Key).Except(_foreign.Select(p => p.Key)).Except(Good().Select(p => p.Key)).Except(Held()).ToList();
        if (IsExact && more.Count > 0)
        {
            _differences.Add($"daemon.json has {string.Join(", ", more)} besides");
        }

        // What is refused was never accepted, so it is not there either.
        foreach (var (key, value) in _world.File!.Where(p => SoakKeys.Invalid.Any(i => i.Key == p.Key && JsonNode.DeepEquals(JsonNode.Parse(i.Value), p.Value))))
        {
            _differences.Add($"daemon.json has {key}={value?.ToJsonString()}");
        }
    }

    private void CheckEngine(bool isOursAlone)
    {
        if (_stops || _areInConflict)
        {
            return;
        }

        var held = Held().ToHashSet();
        var good = Good().ToDictionary(p => p.Key, p => p.Value);
        foreach (var key in SoakKeys.Pool.Keys.Where(k => good.ContainsKey(k) || (isOursAlone && !held.Contains(k))))
        {
            var isPending = SoakKeys.NeedsRestart(key) && _pendingKeys.Contains(key);
            if (!isPending && SoakKeys.Seen(key, _world.Info!, _world.Reload) is { } seen)
            {
                Same($"{key} in force", good.GetValueOrDefault(key) ?? SoakKeys.Default(key), seen);
            }
        }
    }

    private void CheckReport()
    {
        var status = ReportStatus;
        Same("engine reachable", true, status["engine"]?["reachable"]);
        Same("engine pid", _world.Pid, status["engine"]?["pid"]);
        Same("hash of daemon.json", _world.FileHash, status["file"]?["sha256"]);
        var reported = (status["hardenings"]?.AsArray() ?? []).OfType<JsonObject>().ToDictionary(h => h.String("name")!);
        Same("hardenings of the report", string.Join(", ", _selecting.Select(Name).Order()), string.Join(", ", reported.Keys.Order()));
        foreach (var hardening in _selecting.Where(h => reported.ContainsKey(Name(h))))
        {
            var one = reported[Name(hardening)];
            Same($"generation of {Name(hardening)} in the report", hardening["metadata"]!["generation"], one["generation"]);
            var (state, expected) = (one.String("state")!, States(hardening));
            if (!expected.Contains(state))
            {
                _differences.Add($"{Name(hardening)} is {state} in the report ({one.String("message")}), not {string.Join(" or ", expected)}");
            }
        }

        var isReady = reported.Values.All(h => h.String("state") is "InForce" or "Observed");
        Same("Ready of the report", isReady ? "True" : "False", Condition(_world.Report, "Ready")?.String("status"));
        if (IsExact)
        {
            var keys = status["keys"]?.AsArray().OfType<JsonObject>().ToDictionary(k => k.String("key")!) ?? [];
            Same("keys of the report", string.Join(", ", Good().Select(p => p.Key).Order(StringComparer.Ordinal)), string.Join(", ", keys.Keys.Order(StringComparer.Ordinal)));
            foreach (var key in keys.Values.Where(k => _pending.Count == 0 && k["inForce"]?.GetValue<bool>() != true))
            {
                _differences.Add($"the report says that {key.String("key")} is not in force");
            }
        }
    }

    /// <summary>The states of a hardening that the world allows.</summary>
    private IReadOnlyList<string> States(JsonObject hardening)
    {
        if (IsSuspended(hardening))
        {
            return ["Observed"];
        }

        if (IsAudit(hardening))
        {
            return IsDifferent(hardening) is { } different ? [different ? "Different" : "Observed"] : ["Different", "Observed"];
        }

        if (_areInConflict || _invalid.Contains(Name(hardening)))
        {
            return _areInConflict && _stops ? ["Refused", "RolledBack"] : ["Refused"];
        }

        // One that needs a restart waits for an administrator when somebody's policy is Never.
        return _stops ? ["RolledBack", "PendingRestart", "InForce"]
            : (_pending.Contains(Name(hardening)) || Keys(hardening).Any(k => _pendingKeys.Contains(k.Key))) && MayWait() ? ["PendingRestart"]
            : ["InForce"];
    }

    /// <summary>Somebody's policy is Never: that of an owner, or that which a key had that is to leave.</summary>
    private bool MayWait() => ReportStatus["pendingRestart"]?["reason"]?.GetValue<string>().Contains("restartPolicy is Never", StringComparison.Ordinal) == true
        && _pending.Any(p => _world.Hardenings.FirstOrDefault(h => Name(h) == p) is not { } owner || !_enforced.Contains(owner) || Spec(owner)["restartPolicy"]?.GetValue<string>() == "Never"
            || _invalid.Contains(p) || _world.State["keys"]!["owned"]!.AsObject().Any(o => o.Value!["isLeaving"]!.GetValue<bool>() && o.Value["restartPolicy"]!.GetValue<string>() == "Never"));

    /// <summary>Null where the engine does not say what it has in force.</summary>
    private bool? IsDifferent(JsonObject hardening)
    {
        bool? different = false;
        foreach (var (key, value) in Keys(hardening))
        {
            if (!SoakKeys.Pool.ContainsKey(key))
            {
                return null;
            }

            var seen = SoakKeys.Seen(key, _world.Info!, _world.Reload);
            if (key == "exec-opts" || (seen is null && JsonNode.DeepEquals(value, _world.File![key] ?? SoakKeys.Default(key))))
            {
                different = different == true ? true : null;
            }
            else if (!JsonNode.DeepEquals(value, _world.File![key] ?? SoakKeys.Default(key)) || !JsonNode.DeepEquals(value, seen))
            {
                different = true;
            }
        }

        return different;
    }

    private void CheckStatus(JsonObject hardening)
    {
        var name = Name(hardening);
        if (IsGoing(hardening))
        {
            _differences.Add($"{name} is still being deleted: {Condition(hardening, "Ready")?.String("message")}");
            return;
        }

        var ready = Condition(hardening, "Ready");
        var reported = (ReportStatus["hardenings"]?.AsArray() ?? []).OfType<JsonObject>().FirstOrDefault(h => h.String("name") == name)?.String("state");
        var isSelecting = _selecting.Contains(hardening);
        var (status, reason) = IsSuspended(hardening) ? ("Unknown", "Suspended")
            : !isSelecting ? ("False", "NoNodesSelected")
            : reported is "InForce" or "Observed" ? ("True", null)
            : ("False", reported == "PendingRestart" ? "RestartRequired" : reported);
        Same($"Ready of {name}", status, ready?.String("status"));
        if (reason is not null)
        {
            Same($"reason of {name}", reason, ready?.String("reason"));
        }

        if (!IsSuspended(hardening))
        {
            Same($"summary of {name}", isSelecting ? status == "True" ? "1/1" : "0/1" : "0/0", hardening["status"]?["summary"]);
            Same($"Stalled of {name}", isSelecting && reported is "Refused" or "RolledBack" or "Different", Condition(hardening, "Stalled")?.String("status") == "True");
            if (status == "True")
            {
                Same($"observedGeneration of {name}", hardening["metadata"]!["generation"], hardening["status"]?["observedGeneration"]);
            }
        }
    }

    private void CheckTraces()
    {
        if (_world.Leftovers.Count > 0)
        {
            _differences.Add($"left behind: {string.Join(", ", _world.Leftovers)}");
        }

        if (IsExact && _pending.Count == 0)
        {
            var owned = _world.State["keys"]?["owned"]?.AsObject().Select(p => p.Key).Except(Held()).Except(Good().Select(p => p.Key)).ToList() ?? [];
            Same("owned besides", "", string.Join(", ", owned));
            Same("a change pending in the agent's state", null, _world.State["change"]?["pending"]);
        }
    }

    /// <summary>The keys of hardenings that nothing is wrong with.</summary>
    private IEnumerable<KeyValuePair<string, JsonNode?>> Good() =>
        _areInConflict ? [] : _enforced.Where(h => !_invalid.Contains(Name(h))).SelectMany(Keys).DistinctBy(p => p.Key);

    /// <summary>Keys that stay as they are, put there by us or not.</summary>
    private IEnumerable<string> Held() => _selecting.Where(h => IsSuspended(h) || IsAudit(h)).SelectMany(Keys).Select(p => p.Key);

    private void Same(string what, JsonNode? expected, JsonNode? seen)
    {
        if (!JsonNode.DeepEquals(expected, seen))
        {
            _differences.Add($"{what}: {seen?.ToJsonString() ?? "none"}, not {expected?.ToJsonString() ?? "none"}");
        }
    }

    private static bool IsInvalid(KeyValuePair<string, JsonNode?> key) =>
        SoakKeys.Invalid.Any(i => i.Key == key.Key && JsonNode.DeepEquals(JsonNode.Parse(i.Value), key.Value));

    private static string Name(JsonObject value) => value["metadata"]!["name"]!.GetValue<string>();

    private static JsonObject Spec(JsonObject value) => value["spec"]!.AsObject();

    private static JsonObject Keys(JsonObject value) => Spec(value)["daemonJSON"]!.AsObject();

    private static bool IsGoing(JsonObject value) => value["metadata"]!["deletionTimestamp"] is not null;

    private static bool IsSuspended(JsonObject value) => Spec(value)["suspend"]?.GetValue<bool>() == true;

    private static bool IsAudit(JsonObject value) => Spec(value)["mode"]?.GetValue<string>() == "Audit";

    private static JsonObject? Condition(JsonObject? value, string type) =>
        (value?["status"]?["conditions"]?.AsArray() ?? []).OfType<JsonObject>().FirstOrDefault(c => c.String("type") == type);
}
