using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portcullis.Http.Serving;
using Portcullis.Kubernetes.Hosting;
using Prometheus;

namespace Portcullis.Operator;

/// <summary>Registration of the servers beside what a process does: probes and metrics, each with its own address.</summary>
internal static class SideServers
{
    /// <param name="services">Of the process.</param>
    /// <param name="health">Address of <c>/healthz</c>, <c>/livez</c> and <c>/readyz</c>; null for none.</param>
    /// <param name="metrics">Address of <c>/metrics</c>; null for none.</param>
    public static void AddSideServers(this IServiceCollection services, ListenAddress? health, ListenAddress? metrics)
    {
        if (health is not null)
        {
            services.AddSingleton<IHostedService>(s => new SideServer(
                health, inner => inner.AddSingleton(s.GetRequiredService<RuntimeHealth>()), endpoints => endpoints.MapKubernetesHealth()));
        }

        if (metrics is not null)
        {
            services.AddSingleton<IHostedService>(s => new SideServer(
                metrics, _ => { }, endpoints => endpoints.MapPrometheusMetrics(s.GetRequiredService<CollectorRegistry>())));
        }
    }
}
