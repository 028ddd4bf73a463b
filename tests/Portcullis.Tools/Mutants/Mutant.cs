namespace Portcullis.Tools.Mutants;

/// <summary>One fault made in the source: what stands there, and what stands there instead.</summary>
internal sealed record Mutant(int Id, string File, int Line, string Member, string Original, string Mutated)
{
    /// <summary>Without the line, so that it stays the same while other lines come and go.</summary>
    public string Identity => $"{File}: {Member}: `{Original}` -> `{Mutated}`";

    public override string ToString() => $"{File}:{Line}: {Member}: `{Original}` -> `{Mutated}`";
}

/// <summary>What the tests said of a mutant.</summary>
internal enum MutantFate
{
    NotCovered,
    Killed,
    Survived,
}
