using Microsoft.Extensions.Logging;

namespace Portcullis.Admission;

/// <summary>Writes one line for each decision to the log; the fields are its properties.</summary>
internal sealed partial class AdmissionAudit(ILoggerFactory loggers) : IAdmissionAudit
{
    private readonly ILogger _logger = loggers.CreateLogger("Portcullis.Audit");

    public void Write(AdmissionAuditRecord record)
    {
        if (!record.IsAdmitted)
        {
            Log.Refused(_logger, record.Caller, record.Operation, record.Subject, record.Rule, record.Reason);
        }
        else if (record.Reason is { } reason)
        {
            Log.AdmittedUnsigned(_logger, record.Caller, record.Operation, record.Subject, record.Rule, reason);
        }
        else if (_logger.IsEnabled(LogLevel.Information))
        {
            Log.Admitted(_logger, record.Caller, record.Operation, record.Subject, record.Rule, record.Images?.Covered);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(7301, LogLevel.Information, "{Caller}: {Operation} {Subject}: admitted by {Rule}: {Images}", SkipEnabledCheck = true)]
        public static partial void Admitted(ILogger logger, string caller, string operation, string subject, string rule, string? images);

        [LoggerMessage(7302, LogLevel.Warning, "{Caller}: {Operation} {Subject}: refused by {Rule}: {Reason}")]
        public static partial void Refused(ILogger logger, string caller, string operation, string subject, string rule, string? reason);

        [LoggerMessage(7303, LogLevel.Warning, "{Caller}: {Operation} {Subject}: admitted by {Rule}, although signatures are missing: {Reason}")]
        public static partial void AdmittedUnsigned(ILogger logger, string caller, string operation, string subject, string rule, string reason);
    }
}
