using Portcullis.Core;
using Portcullis.Core.Identity;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Identity.Stored;

/// <summary>The identity providers that may be asked now, in order of their names.</summary>
internal sealed class Providers(IStore<IdentityProvider> providers)
{
    private readonly Lock _gate = new();
    private IReadOnlyList<IdentityProvider>? _from;
    private IReadOnlyList<IdentityProvider> _usable = [];

    /// <summary>One whose fields contradict each other is none, whatever validation missed.</summary>
    public IReadOnlyList<IdentityProvider> All()
    {
        // A store hands out one list until something changes.
        var list = providers.List();
        lock (_gate)
        {
            if (!ReferenceEquals(list, _from))
            {
                (_from, _usable) = (list, [.. list.Where(IsUsable).OrderBy(p => p.Key)]);
            }

            return _usable;
        }
    }

    /// <summary>Whether the provider may still be asked and is declared as it was.</summary>
    public bool StillHas(IdentityProvider provider) =>
        All().Any(p => p.Metadata.Uid == provider.Metadata.Uid && p.Metadata.Generation == provider.Metadata.Generation);

    /// <summary>The source whose Secrets the provider may use.</summary>
    public static string SourceOf(IdentityProvider provider) =>
        provider.Status?.Declared?.Source ?? provider.Metadata.Label(WellKnown.Labels.Source) ?? "";

    private static bool IsUsable(IdentityProvider provider) =>
        provider is { Metadata.IsBeingDeleted: false, Spec.Suspend: not true } && !IdentityProviderCheck.Of(provider.Spec).Any();
}
