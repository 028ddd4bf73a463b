using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Cluster;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Organizations;
using Portcullis.Core.Roles;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Access;

/// <summary>Registration of what all decisions about access are made from.</summary>
internal static class AccessServices
{
    /// <summary>The stores and the model; called by every kind that asks it.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddStore<Collection>().AddStore<Organization>().AddStore<AccessRole>().AddStore<Grant>().AddStore<GitSource>();
        services.AddStore<NamespaceObject>().AddStore<NodeObject>();
        services.TryAddSingleton<AccessOptions>();
        services.TryAddSingleton<AccessStores>();
        services.TryAddSingleton<AccessState>();
        return services;
    }
}
