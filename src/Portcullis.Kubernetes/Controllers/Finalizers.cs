namespace Portcullis.Kubernetes.Controllers;

/// <summary>
/// Which kinds keep our finalizer. Whoever creates an object of such a kind sends the finalizer along, which saves the write that would add it.
/// </summary>
public sealed class Finalizers
{
    private readonly HashSet<string> _kinds;
    private readonly string _finalizer;

    internal Finalizers(IEnumerable<FinalizedKind> kinds, KubernetesOptions options)
    {
        _kinds = kinds.Select(k => k.Resource.QualifiedPlural).ToHashSet(StringComparer.Ordinal);
        _finalizer = options.Finalizer;
    }

    /// <summary>The finalizer that objects of this kind keep; null when they keep none of ours.</summary>
    public string? Of(ApiResource resource) => _kinds.Contains(resource.QualifiedPlural) ? _finalizer : null;
}

/// <summary>A kind whose reconciler is an <see cref="IFinalizer{T}"/>.</summary>
internal sealed record FinalizedKind(ApiResource Resource);
