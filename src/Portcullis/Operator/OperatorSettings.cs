using System.Net;
using Microsoft.Extensions.Logging;
using Portcullis.Admission;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Leadership;
using Portcullis.Sources;

namespace Portcullis.Operator;

/// <summary>What an operator process is put together from, whether it runs alone in a cluster or inside <c>portcullis up</c>.</summary>
internal sealed record OperatorSettings
{
    public required KubernetesConnection Connection { get; init; }

    public required Action<ILoggingBuilder> Logging { get; init; }

    public required GitSourcesOptions Sources { get; init; }

    /// <summary>Requests under way at once where many objects are written.</summary>
    public int ParallelRequests { get; init; } = new KubernetesOptions().ParallelRequests;

    /// <summary>Null: this process alone is in charge.</summary>
    public LeaderElectionOptions? LeaderElection { get; init; }

    /// <summary>Where the API server finds our admission webhooks; null for no admission.</summary>
    public AdmissionOptions? Admission { get; init; }

    /// <summary><c>/healthz</c> and <c>/readyz</c>; null for nowhere.</summary>
    public IPEndPoint? Health { get; init; }

    /// <summary><c>/metrics</c>; null for nowhere.</summary>
    public IPEndPoint? Metrics { get; init; }
}
