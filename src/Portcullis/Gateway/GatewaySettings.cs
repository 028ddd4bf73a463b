using Microsoft.Extensions.Logging;
using Portcullis.Gateway.Forwarding;
using Portcullis.Http.Serving;
using Portcullis.Kubernetes.Connection;

namespace Portcullis.Gateway;

/// <summary>The settings of a gateway in a process of its own.</summary>
internal sealed record GatewaySettings
{
    public required KubernetesConnection Connection { get; init; }

    public required Action<ILoggingBuilder> Logging { get; init; }

    public required GatewayOptions Gateway { get; init; }

    /// <summary>What nobody declares counts too.</summary>
    public bool AllowUndeclared { get; init; }

    /// <summary>The name of the operator's root source.</summary>
    public string RootSource { get; init; } = "root";

    /// <summary>Is called with what signers publish; null for nobody.</summary>
    public IPublishedTrust? Published { get; init; }

    /// <summary>Address of <c>/healthz</c> and <c>/readyz</c>; null for none.</summary>
    public ListenAddress? Health { get; init; }

    /// <summary>Address of <c>/metrics</c>; null for none.</summary>
    public ListenAddress? Metrics { get; init; }
}
