namespace Portcullis.Core.Hardening;

/// <summary>Permits one node one restart of its engine.</summary>
public sealed record RestartPermission(string Node, string RestartId) : PlannedAction
{
    public override string Id => $"NodeReport {Node}";

    public override string Describe() => $"permit node {Node} to restart its engine ({RestartId})";
}
