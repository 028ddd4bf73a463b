using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Portcullis.Core.Identity;
using Portcullis.Core.Registries;
using Portcullis.Core.Registries.Requests;

namespace Portcullis.Gateway;

/// <summary>The audit and the metrics of a request that has ended.</summary>
internal sealed partial class GatewayRecords(IGatewayAudit audit, GatewayMetrics metrics, ILogger<GatewayRecords> logger)
{
    public void Allowed(HttpContext http, Registry registry, RegistryRequest request, GatewayCaller caller, string rule)
    {
        var (verb, status) = (RequestWords.VerbOf(request), http.Response.StatusCode);
        metrics.Request(verb, status);
        audit.Write(new GatewayAuditRecord(caller.ToString(), verb, RequestWords.SubjectOf(request, registry.Spec.Host), rule)
        {
            Status = status,
            Digest = http.Response.Headers[GatewayHeaders.ContentDigest] is [{ Length: > 0 } digest] ? digest : null,
            Address = AddressOf(http),
            IsPart = RequestWords.IsPart(request),
        });
    }

    public void Refused(HttpContext http, Registry registry, RegistryRequest request, GatewayCaller caller, string rule, RegistryError error)
    {
        var verb = RequestWords.VerbOf(request);
        metrics.Request(verb, error.Status);

        // A client without a token is asked for one: that is how each pull begins, and decides nothing.
        if (error.Status == StatusCodes.Status401Unauthorized && http.Request.Headers.Authorization.Count == 0)
        {
            return;
        }

        audit.Write(new GatewayAuditRecord(caller.ToString(), verb, RequestWords.SubjectOf(request, registry.Spec.Host), rule)
        {
            Status = error.Status,
            Reason = error.Message,
            Address = AddressOf(http),
        });
    }

    /// <summary>What the client is not told.</summary>
    public void Failed(Exception failure, RegistryError error)
    {
        if (error.Status == StatusCodes.Status500InternalServerError)
        {
            Log.Defect(logger, failure);
        }
        else if (error.Status > StatusCodes.Status500InternalServerError)
        {
            Log.Failed(logger, error.Status, (failure.InnerException ?? failure).Message);
        }
    }

    private static string? AddressOf(HttpContext http) => http.Connection.RemoteIpAddress?.ToString();

    private static partial class Log
    {
        [LoggerMessage(7210, LogLevel.Warning, "A request ends with {Status}: {Error}")]
        public static partial void Failed(ILogger logger, int status, string error);

        [LoggerMessage(7211, LogLevel.Error, "A request ends with 500, because the gateway failed")]
        public static partial void Defect(ILogger logger, Exception exception);
    }
}
