using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Kubernetes.Hosting;

/// <summary>One store that the host must keep equal to the server.</summary>
internal sealed record ReflectorSource(ApiResource Resource, ListOptions Options, IReflected Store, Func<bool> IsSynced, Func<CancellationToken, Task> SyncedAsync);
