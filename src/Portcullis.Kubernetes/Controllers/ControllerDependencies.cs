using Portcullis.Kubernetes.Declarations;
using Portcullis.Kubernetes.Observability;

namespace Portcullis.Kubernetes.Controllers;

/// <summary>What a loop needs besides its own kind's parts.</summary>
internal sealed record ControllerDependencies<T, TStatus>(
    IServiceProvider Services,
    StatusWriter<T, TStatus> Statuses,
    IDeclarationGate<T>? Gate,
    ReconcileTelemetry Telemetry,
    KubernetesOptions Options,
    TimeProvider Time)
    where T : class, IResource<T>, IControlled<TStatus>
    where TStatus : ResourceStatus;
