using Portcullis.Core.Revisions;

namespace Portcullis.Sources.Root;

/// <summary>Write the root source as the start parameters declare it. <paramref name="IsRevert"/>: it was so before.</summary>
internal sealed record RootSourceAction(RevisionObject Declared, IReadOnlyList<FieldDifference> Differences, bool Exists, bool IsRevert) : PlannedAction
{
    public override string Id => Declared.Identity.ToString();

    public override string Describe() => Exists ? $"bring {Id} back to {Declared.Position}: {string.Join("; ", Differences)}" : $"create {Id}";
}
