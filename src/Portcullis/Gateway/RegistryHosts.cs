using Portcullis.Core.Registries;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Gateway;

/// <summary>Finds the registry that a request is for by the host that the client names.</summary>
internal sealed class RegistryHosts(IStore<Registry> registries)
{
    private const string UsualPort = ":443";

    /// <summary>Whether the registries have been read yet.</summary>
    public bool AreKnown => registries.IsSynced;

    /// <summary>The only registry answers under every host. Null when there is none of this host.</summary>
    /// <param name="host">With the port, as the client sent it.</param>
    public Registry? Find(string host)
    {
        var all = registries.List();
        return all.FirstOrDefault(r => !r.Metadata.IsBeingDeleted && Same(r.Spec.Host, host)) ?? (all.Count == 1 ? all[0] : null);
    }

    private static bool Same(string declared, string sent) => string.Equals(WithoutUsualPort(declared), WithoutUsualPort(sent), StringComparison.OrdinalIgnoreCase);

    private static string WithoutUsualPort(string host) => host.EndsWith(UsualPort, StringComparison.Ordinal) ? host[..^UsualPort.Length] : host;
}
