using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portcullis.Agent.Engine;
using Portcullis.Cluster;
using Portcullis.Core.Hardening;
using Portcullis.Declarations;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Agent;

/// <summary>The composition root of an agent, with its own identity: it reads only its own Node and NodeReport.</summary>
internal static class AgentHost
{
    public static IHost Build(AgentOptions options, IEngineProcess engine, KubernetesConnection connection, Action<ILoggingBuilder> logging)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        logging(builder.Logging);
        builder.Services.AddKubernetes(connection);
        builder.Services.AddReportedDeclarations();
        builder.Services.AddAgent(options, _ => engine);
        builder.Services.AddStore<NodeReport>(store => store.FieldSelector = $"metadata.name={options.NodeName}");
        builder.Services.AddStore<NodeObject>(store => store.FieldSelector = $"metadata.name={options.NodeName}");
        return builder.Build();
    }
}
