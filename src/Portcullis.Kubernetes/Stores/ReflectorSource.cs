using Portcullis.Kubernetes.Client;

namespace Portcullis.Kubernetes.Stores;

/// <summary>One store that the host must keep equal to the server.</summary>
internal sealed record ReflectorSource(ApiResource Resource, ListOptions Options, IReflected Store, Func<bool> IsSynced, Func<CancellationToken, Task> SyncedAsync);
