namespace Portcullis.Core.Hardening;

/// <summary>What to do on a node, what it waits for, and what is refused.</summary>
public sealed record HardeningPlan(IReadOnlyList<HardeningAction> Actions)
{
    /// <summary>Why the rest must wait; null when nothing waits.</summary>
    public Problem? Wait { get; init; }

    public IReadOnlyList<Refusal> Refusals { get; init; } = [];

    /// <summary>Our keys whose value in the file is not what was last written: a manual edit.</summary>
    public IReadOnlyList<string> Drifted { get; init; } = [];

    /// <summary>Keys that only a restart puts in force.</summary>
    public IReadOnlyList<string> PendingRestart { get; init; } = [];

    /// <summary>Identifies the pending restart for the permission of the rollout; null when none is pending.</summary>
    public string? RestartId { get; init; }

    /// <summary>The keys the file should have; what is read back is compared with them.</summary>
    public IReadOnlyDictionary<string, OwnedKey> Target { get; init; } = new Dictionary<string, OwnedKey>(StringComparer.Ordinal);

    public IEnumerable<ConfigureStep> Steps => Actions.OfType<HardeningAction.Configure>().SelectMany(a => a.Steps);

    /// <summary>Whether the file or the engine is changed; recording ownership changes neither.</summary>
    public bool ChangesNode => Actions.Any(a => a is HardeningAction.RollBack) || Steps.Any(s => s is not ConfigureStep.Own);

    /// <summary>Nothing is done for any NodeHardening, for one reason.</summary>
    public static HardeningPlan Refused(string message) => new([]) { Refusals = [Refusal.Of("", "", message)] };

    /// <summary>One line for each step, and for what waits and what is refused.</summary>
    public IReadOnlyList<string> Describe() =>
    [
        .. Actions.SelectMany(a => a is HardeningAction.Configure configure ? configure.Steps.Select(s => s.Describe()) : [a.Describe()]),
        .. Wait is null ? (string[])[] : [$"wait ({Wait.Reason}): {Wait.Message}"],
        .. Refusals.Count == 0 ? (string[])[] : ["refuse: " + string.Join("; ", Refusals.Select(r => r.Problem.Message))],
    ];
}
