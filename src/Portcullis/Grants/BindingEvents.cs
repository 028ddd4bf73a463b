using Portcullis.Core.Grants;
using Portcullis.Kubernetes.Controllers;

namespace Portcullis.Grants;

/// <summary>The words of the Event about a reverted binding.</summary>
internal static class BindingEvents
{
    public static ReportedEvent Of(RevertedBinding reverted) =>
        new(Warning: true, GrantReasons.BindingReverted, $"RoleBinding {reverted.Key} {Story(reverted)}");

    private static string Story(RevertedBinding reverted) => reverted.Undoing switch
    {
        BindingAction.Delete => $"was made {reverted.By}; removed, since no grant declares it",
        BindingAction.Apply { Exists: false } => $"was deleted {reverted.By}; put back as declared",
        _ => $"was changed {reverted.By}; put back as declared",
    };
}
