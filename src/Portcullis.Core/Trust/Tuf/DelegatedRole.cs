namespace Portcullis.Core.Trust.Tuf;

/// <summary>A delegation whose metadata was verified.</summary>
/// <param name="Delegation">Who may sign what, as its parent says; its paths are only those that the parent may itself name.</param>
/// <param name="Signed">What was signed.</param>
public sealed record DelegatedRole(Delegation Delegation, SignedRole<TargetsRole> Signed);
