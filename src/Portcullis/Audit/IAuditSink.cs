namespace Portcullis.Audit;

/// <summary>
/// Takes a record of everything that is done on behalf of a plan. It must not fail its caller and must not wait: what happened has happened.
/// </summary>
internal interface IAuditSink
{
    void Write(AuditRecord record);
}

/// <summary>One action and what came of it.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Actor">The controller that acted.</param>
/// <param name="Result">The action, on whose behalf, and its result.</param>
internal sealed record AuditRecord(DateTimeOffset At, string Actor, ActionResult Result);
