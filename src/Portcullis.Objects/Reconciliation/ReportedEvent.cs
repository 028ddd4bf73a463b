namespace Portcullis.Objects.Reconciliation;

/// <summary>An Event to record on the reconciled object. Repeats are folded by the recorder.</summary>
public sealed record ReportedEvent(bool Warning, string Reason, string Message);
