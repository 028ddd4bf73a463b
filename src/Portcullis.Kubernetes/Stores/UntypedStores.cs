namespace Portcullis.Kubernetes.Stores;

/// <summary>The stores of kinds that have no C# type, by kind and selector as they were registered.</summary>
public sealed class UntypedStores
{
    private readonly Dictionary<(string Resource, string Selector), UntypedStore> _stores = [];

    internal UntypedStores(IEnumerable<UntypedStoreRegistration> registrations)
    {
        foreach (var registration in registrations)
        {
            _stores[(registration.Resource.QualifiedPlural, registration.LabelSelector ?? "")] = new UntypedStore(registration.Resource, registration.Options);
        }
    }

    /// <exception cref="InvalidOperationException">Nobody registered it: a defect of the composition.</exception>
    public UntypedStore Of(ApiResource resource, string? labelSelector = null) =>
        _stores.TryGetValue((resource.QualifiedPlural, labelSelector ?? ""), out var store)
            ? store
            : throw new InvalidOperationException(
                $"No store of {resource.QualifiedPlural} with selector '{labelSelector}' is registered: call AddUntypedStore with just that selector.");
}

/// <summary>What AddUntypedStore was given.</summary>
internal sealed record UntypedStoreRegistration(
    ApiResource Resource, string? LabelSelector, StoreOptions<System.Text.Json.Nodes.JsonObject> Options);
