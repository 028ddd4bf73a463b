namespace Portcullis.Core.Drift;

/// <summary>A write on a managed object by somebody else, as our admission webhook saw it. <see cref="Verb"/> is CREATE, UPDATE or DELETE.</summary>
public sealed record EditRecord(string User, string Verb, DateTimeOffset At);
