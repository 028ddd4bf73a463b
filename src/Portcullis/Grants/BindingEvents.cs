using Portcullis.Core.Grants;
using Portcullis.Kubernetes.Controllers;

namespace Portcullis.Grants;

/// <summary>The words of the Event about a reverted binding.</summary>
internal static class BindingEvents
{
    public static ReportedEvent Of(RevertedBinding reverted) =>
        new(Warning: true, GrantReasons.BindingReverted, $"RoleBinding {reverted.Key} was changed {reverted.By}; put back as declared");
}
