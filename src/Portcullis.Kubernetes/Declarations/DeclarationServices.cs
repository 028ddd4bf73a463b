using Microsoft.Extensions.DependencyInjection;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Kubernetes.Declarations;

/// <summary>Registration of kinds that are acted upon only as they are declared.</summary>
public static class DeclarationServices
{
    /// <summary>
    /// From here on everybody who asks for <see cref="IStore{T}"/> gets the declared objects, and the kind's loop acts on confirmed objects alone:
    /// where <see cref="IDeclarations"/> is registered. Without it every object counts as declared.
    /// </summary>
    public static IServiceCollection AddDeclared<T>(this IServiceCollection services)
        where T : class, IResource<T>
    {
        services.AddStore<T>();
        services.AddSingleton<DeclaredStore<T>>();
        services.AddSingleton<IDeclarationGate<T>>(s => IsAsked(s) ? s.GetRequiredService<DeclaredStore<T>>() : null!);
        return services.AddSingleton<IStore<T>>(s => IsAsked(s) ? s.GetRequiredService<DeclaredStore<T>>() : s.GetRequiredService<TypedStore<T>>());
    }

    private static bool IsAsked(IServiceProvider services) => services.GetService<IDeclarations>() is not null;
}
