using Portcullis.Core;
using Portcullis.Kubernetes.Declarations;

namespace Portcullis.Secrets;

/// <summary>Which source declares an object, as it was confirmed: the one whose Secrets the object may use.</summary>
/// <param name="declarations">Null in a host that confirms nothing and takes each object for declared by the source that its label names.</param>
internal sealed class DeclaringSources(IDeclarations? declarations)
{
    /// <summary>Empty for an object that no source declares: it may use no Secret.</summary>
    public string Of<T>(T resource)
        where T : class, IResource<T>, IControlled<DeclarableStatus> => declarations is null
        ? resource.Metadata.Label(WellKnown.Labels.Source) ?? ""
        : resource.Status?.Declared?.Source ?? (declarations.Of(resource, null) as DeclarationState.Confirmed)?.Declared?.Source ?? "";
}
