using Microsoft.Extensions.Logging;

namespace Portcullis.Gateway;

/// <summary>Writes one line for each decision to the log; the fields are its properties.</summary>
internal sealed partial class GatewayAudit(ILoggerFactory loggers) : IGatewayAudit
{
    private readonly ILogger _logger = loggers.CreateLogger("Portcullis.Audit");

    public void Write(GatewayAuditRecord record)
    {
        if (record.Reason is { } reason)
        {
            Log.Refused(_logger, record.Caller, record.Address, record.Verb, record.Subject, record.Status, record.Rule, reason);
        }
        else if (record.IsPart)
        {
            Log.AllowedPart(_logger, record.Caller, record.Address, record.Verb, record.Subject, record.Status, record.Rule, record.Digest);
        }
        else
        {
            Log.Allowed(_logger, record.Caller, record.Address, record.Verb, record.Subject, record.Status, record.Rule, record.Digest);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(7201, LogLevel.Information, "{Caller} ({Address}): {Verb} {Subject}: {Status} by {Rule}, {Digest}")]
        public static partial void Allowed(ILogger logger, string caller, string? address, string verb, string subject, int status, string rule, string? digest);

        [LoggerMessage(7202, LogLevel.Warning, "{Caller} ({Address}): {Verb} {Subject}: refused with {Status} by {Rule}: {Reason}")]
        public static partial void Refused(ILogger logger, string caller, string? address, string verb, string subject, int status, string rule, string reason);

        [LoggerMessage(7203, LogLevel.Debug, "{Caller} ({Address}): {Verb} {Subject}: {Status} by {Rule}, {Digest}")]
        public static partial void AllowedPart(ILogger logger, string caller, string? address, string verb, string subject, int status, string rule, string? digest);
    }
}
