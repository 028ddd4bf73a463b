namespace Portcullis.Core.Hardening;

/// <summary>What to do on a node. Each is a sequence that stops at its first failure, so a plan has one at most.</summary>
public abstract record HardeningAction : PlannedAction
{
    private HardeningAction()
    {
    }

    /// <summary>There is one daemon.json on a node.</summary>
    public override string Id => "daemon.json";

    /// <summary>Writes daemon.json and applies it, step by step.</summary>
    public sealed record Configure(IReadOnlyList<ConfigureStep> Steps) : HardeningAction
    {
        /// <summary>Our keys that somebody else changed and that this restores.</summary>
        public IReadOnlyList<string> Reverts { get; init; } = [];

        /// <summary>The NodeHardenings that own them.</summary>
        public IReadOnlyList<string> RevertedFor { get; init; } = [];

        /// <summary>Keys that still wait for a restart afterwards.</summary>
        public IReadOnlyList<string> LeftForRestart { get; init; } = [];

        public override IReadOnlyList<string> PutsBack =>
            [.. (Reverts.Count > 0 ? Reverts : Steps.OfType<ConfigureStep.Write>().SelectMany(w => w.Set.Concat(w.Removed))).Select(key => $"{Id}: {key}")];

        public override string Describe() => string.Join("; ", Steps.Select(s => s.Describe()));
    }

    /// <summary>Restores our keys as they were when the engine last ran with them, and starts the engine.</summary>
    public sealed record RollBack(string Error) : HardeningAction
    {
        /// <summary>False when the file was restored before, and only the engine is to be started.</summary>
        public bool Restores { get; init; }

        public override string Describe() => $"roll back daemon.json and start the engine: {Error}";
    }
}
