using Microsoft.Extensions.Logging;
using Portcullis.Admission;
using Portcullis.Http.Serving;
using Portcullis.Kinds;
using Portcullis.Kubernetes;
using Portcullis.Kubernetes.Connection;
using Portcullis.Scans;
using Portcullis.Sources;

namespace Portcullis.Operator;

/// <summary>The settings of an operator, in a process of its own or inside <c>portcullis up</c>.</summary>
internal sealed record OperatorSettings
{
    public required KubernetesConnection Connection { get; init; }

    public required Action<ILoggingBuilder> Logging { get; init; }

    public required GitSourcesOptions Sources { get; init; }

    /// <summary>The scanner's files.</summary>
    public ScanOptions Scans { get; init; } = new();

    /// <summary>The kinds that are reconciled.</summary>
    public Catalog Catalog { get; init; } = Catalog.Default;

    /// <summary>How many requests may run at once when many objects are written.</summary>
    public int ParallelRequests { get; init; } = new KubernetesOptions().ParallelRequests;

    /// <summary>Users whose writes count as declared.</summary>
    public IReadOnlyList<string> TrustedAppliers { get; init; } = [];

    /// <summary>What nobody declares is acted upon too.</summary>
    public bool AllowUndeclared { get; init; }

    /// <summary>The CRDs of our kinds are kept, too.</summary>
    public bool KeepsDefinitions { get; init; }

    /// <summary>Null: there is only this replica.</summary>
    public LeaderElectionOptions? LeaderElection { get; init; }

    /// <summary>How the API server reaches the admission webhooks; null for none.</summary>
    public AdmissionOptions? Admission { get; init; }

    /// <summary>Address of <c>/healthz</c> and <c>/readyz</c>; null for none.</summary>
    public ListenAddress? Health { get; init; }

    /// <summary>Address of <c>/metrics</c>; null for none.</summary>
    public ListenAddress? Metrics { get; init; }
}
