using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Kubernetes.Stores;

/// <summary>Registers stores. Each is one <see cref="ReflectorSource"/>, which the host keeps equal to the server.</summary>
public static class StoreServices
{
    /// <summary>A store of a typed kind, kept warm. Asked for several times it is one store with all the indexes.</summary>
    public static IServiceCollection AddStore<T>(this IServiceCollection services, Action<StoreOptions<T>>? configure = null)
        where T : class, IResource<T>
    {
        if (Registered<StoreOptions<T>>(services, _ => true) is not { } options)
        {
            options = new StoreOptions<T>();
            services.AddSingleton(options);
            services.AddSingleton<TypedStore<T>>();
            services.AddSingleton<IStore<T>>(s => s.GetRequiredService<TypedStore<T>>());
            services.AddSingleton<IPresentStore<T>>(s => s.GetRequiredService<TypedStore<T>>());
            services.AddSingleton(s =>
            {
                var store = s.GetRequiredService<TypedStore<T>>();
                var list = new ListOptions { Namespace = options.Namespace, LabelSelector = options.LabelSelector, FieldSelector = options.FieldSelector };
                return new ReflectorSource(T.Definition, list, store, () => store.IsSynced, store.WaitUntilSyncedAsync);
            });
        }

        configure?.Invoke(options);
        return services;
    }

    /// <summary>A store of a kind without a C# type, read by <c>UntypedStores.Of</c> with the same selector.</summary>
    public static IServiceCollection AddUntypedStore(
        this IServiceCollection services, ApiResource resource, string? labelSelector = null, Action<StoreOptions<JsonObject>>? configure = null)
    {
        var found = Registered<UntypedStoreRegistration>(
            services, r => r.Resource.QualifiedPlural == resource.QualifiedPlural && (r.LabelSelector ?? "") == (labelSelector ?? ""));
        if (found is null)
        {
            found = new UntypedStoreRegistration(resource, labelSelector, new StoreOptions<JsonObject> { LabelSelector = labelSelector });
            services.AddSingleton(found);
            services.AddSingleton(s =>
            {
                var store = s.GetRequiredService<UntypedStores>().Of(resource, labelSelector);
                var list = new ListOptions { Namespace = found.Options.Namespace, LabelSelector = labelSelector, FieldSelector = found.Options.FieldSelector };
                return new ReflectorSource(resource, list, store, () => store.IsSynced, store.WaitUntilSyncedAsync);
            });
        }

        configure?.Invoke(found.Options);
        return services;
    }

    internal static IServiceCollection AddUntypedStores(this IServiceCollection services) =>
        services.AddSingleton(s => new UntypedStores(s.GetServices<UntypedStoreRegistration>()));

    private static TInstance? Registered<TInstance>(IServiceCollection services, Func<TInstance, bool> matches)
        where TInstance : class =>
        services.Select(d => d.IsKeyedService ? null : d.ImplementationInstance).OfType<TInstance>().FirstOrDefault(matches);
}
