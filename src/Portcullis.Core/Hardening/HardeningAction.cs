using System.Security.Cryptography;

namespace Portcullis.Core.Hardening;

/// <summary>One thing to do on a node, in the order of the plan.</summary>
public abstract record HardeningAction
{
    private HardeningAction()
    {
    }

    /// <summary>Puts the broken file aside under another name before it is replaced.</summary>
    public sealed record KeepBroken(string Problem) : HardeningAction;

    /// <summary>Replaces daemon.json whole. <paramref name="Owned"/> is what we own from then on.</summary>
    public sealed record Write(DaemonJson Content, IReadOnlyDictionary<string, OwnedKey> Owned, IReadOnlyList<string> Set, IReadOnlyList<string> Removed)
        : HardeningAction
    {
        public string Sha256 { get; } = Hash(Content.ToBytes());
    }

    /// <summary>Records ownership that changed without the file (a foreign key of the same value is now ours).</summary>
    public sealed record Own(IReadOnlyDictionary<string, OwnedKey> Owned) : HardeningAction;

    /// <summary>SIGHUP.</summary>
    public sealed record Reload : HardeningAction;

    public sealed record Restart(IReadOnlyList<string> Keys) : HardeningAction;

    /// <summary>The previous file again, and a start of the engine.</summary>
    public sealed record RollBack(string Error) : HardeningAction;

    /// <summary>Nothing more until something changes or time passes.</summary>
    public sealed record Wait(string Reason, string Message) : HardeningAction;

    /// <summary>Not done, and why: each line names the key and what to write instead.</summary>
    public sealed record Refuse(IReadOnlyList<Refusal> Reasons) : HardeningAction;

    public string Describe() => this switch
    {
        KeepBroken k => $"keep a copy of daemon.json, which {k.Problem}",
        Write w => "write daemon.json" + Listed(": set ", w.Set) + Listed(w.Set.Count > 0 ? "; remove " : ": remove ", w.Removed),
        Own o => "own" + Listed(" ", [.. o.Owned.Keys.Order(StringComparer.Ordinal)]),
        Reload => "reload the engine",
        Restart r => "restart the engine" + Listed(" for ", r.Keys),
        RollBack r => $"roll daemon.json back and start the engine: {r.Error}",
        Wait w => $"wait ({w.Reason}): {w.Message}",
        Refuse r => "refuse: " + string.Join("; ", r.Reasons.Select(x => x.Message)),
        _ => throw new InvalidOperationException(GetType().Name),
    };

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string Listed(string before, IReadOnlyList<string> keys) => keys.Count == 0 ? "" : before + string.Join(", ", keys);
}

/// <summary>Why something is not written; <see cref="Hardening"/> is empty when it concerns all of them.</summary>
public sealed record Refusal(string Hardening, string Message)
{
    /// <summary>It was tried, and the engine did not run with it.</summary>
    public bool WasTried { get; init; }
}

/// <summary>What to do on a node, and what is known beside it.</summary>
public sealed record HardeningPlan(IReadOnlyList<HardeningAction> Actions)
{
    /// <summary>Nothing of any NodeHardening is done, for one reason.</summary>
    public static HardeningPlan Refused(string message) => new([new HardeningAction.Refuse([new Refusal("", message)])]);

    /// <summary>Our keys whose value in the file is not what we last wrote: a hand edit.</summary>
    public IReadOnlyList<string> Drifted { get; init; } = [];

    /// <summary>Keys that only a restart puts in force.</summary>
    public IReadOnlyList<string> PendingRestart { get; init; } = [];

    /// <summary>Names the pending restart for the rollout's permission; null when none pends.</summary>
    public string? RestartId { get; init; }

    /// <summary>The keys the file should hold; what reading back is compared with.</summary>
    public IReadOnlyDictionary<string, OwnedKey> Target { get; init; } = new Dictionary<string, OwnedKey>(StringComparer.Ordinal);

    public IEnumerable<Refusal> Refusals => Actions.OfType<HardeningAction.Refuse>().SelectMany(r => r.Reasons);

    public IReadOnlyList<string> Describe() => [.. Actions.Select(a => a.Describe())];
}
