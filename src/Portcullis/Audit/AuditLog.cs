using Microsoft.Extensions.Logging;
using Portcullis.Core.Sources;

namespace Portcullis.Audit;

/// <summary>Writes the audit to the program's log: one line for each change of the world, a warning for each that failed.</summary>
internal sealed partial class AuditLog(ILoggerFactory loggers) : IAuditSink
{
    private readonly ILogger _logger = loggers.CreateLogger("Portcullis.Audit");

    public void Write(AuditRecord record)
    {
        switch (record.Result)
        {
            case ActionResult.Done { Reverted: { } by } done:
                Log.Reverted(_logger, record.Actor, done.Action.Describe(), by);
                break;
            case ActionResult.Done { Action: ApplyAction action }:
                // A revision may write thousands; its source reports them in one line.
                Log.DoneOfMany(_logger, record.Actor, action.Describe());
                break;
            case ActionResult.Done done:
                Log.Done(_logger, record.Actor, done.Action.Describe());
                break;
            case ActionResult.Failed failed:
                Log.Failed(_logger, record.Actor, failed.Action.Describe(), failed.Problem.Message);
                break;
            case ActionResult.Skipped skipped:
                Log.Skipped(_logger, record.Actor, skipped.Action.Describe(), skipped.Cause.Describe());
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(7101, LogLevel.Information, "{Actor}: {Action}")]
        public static partial void Done(ILogger logger, string actor, string action);

        [LoggerMessage(7105, LogLevel.Debug, "{Actor}: {Action}")]
        public static partial void DoneOfMany(ILogger logger, string actor, string action);

        [LoggerMessage(7102, LogLevel.Information, "{Actor}: {Action}, because it was changed {Attribution}")]
        public static partial void Reverted(ILogger logger, string actor, string action, Attribution attribution);

        [LoggerMessage(7103, LogLevel.Warning, "{Actor}: {Action} failed: {Error}")]
        public static partial void Failed(ILogger logger, string actor, string action, string error);

        [LoggerMessage(7104, LogLevel.Warning, "{Actor}: {Action} skipped, because this failed: {Cause}")]
        public static partial void Skipped(ILogger logger, string actor, string action, string cause);
    }
}
