using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Prometheus;

namespace Portcullis.Kubernetes.Hosting;

/// <summary>The paths that a cluster's probes and scrapers ask.</summary>
public static class EndpointExtensions
{
    /// <summary><c>/healthz</c>, <c>/livez</c>: the loops live and no worker is stuck. <c>/readyz</c>: the stores are synced (not leading is no defect).</summary>
    public static IEndpointRouteBuilder MapKubernetesHealth(this IEndpointRouteBuilder endpoints)
    {
        foreach (var path in (string[])["/healthz", "/livez"])
        {
            endpoints.MapGet(path, context => AnswerAsync(context, context.RequestServices.GetRequiredService<RuntimeHealth>().Unhealthy()));
        }

        endpoints.MapGet("/readyz", context => AnswerAsync(context, context.RequestServices.GetRequiredService<RuntimeHealth>().Unready()));
        return endpoints;
    }

    /// <summary>Prometheus' text, without authentication: put it on a port of its own.</summary>
    public static IEndpointRouteBuilder MapPrometheusMetrics(this IEndpointRouteBuilder endpoints, CollectorRegistry registry)
    {
        endpoints.MapMetrics("/metrics", registry).WithMetadata(new HttpMethodMetadata([HttpMethods.Get]));
        return endpoints;
    }

    private static Task AnswerAsync(HttpContext context, IReadOnlyList<string> problems)
    {
        context.Response.StatusCode = problems.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(problems.Count == 0 ? "ok\n" : string.Join('\n', problems) + "\n", context.RequestAborted);
    }
}
