namespace Portcullis.Kubernetes.Controllers;

/// <summary>The reasons that the loop itself gives.</summary>
public static class Reasons
{
    public const string Succeeded = "Succeeded";
    public const string Failed = "Failed";
    public const string Progressing = "Progressing";
    public const string ProgressingWithRetry = "ProgressingWithRetry";
    public const string Suspended = "Suspended";
    public const string Paused = "Paused";
    public const string TimedOut = "TimedOut";
    public const string Unreachable = "Unreachable";
    public const string Terminating = "Terminating";
    public const string Edited = "Edited";
    public const string DeclarationUnknown = "DeclarationUnknown";
    public const string NotDeclared = "NotDeclared";

    /// <summary>The API server's own word for a right that is missing.</summary>
    public const string Forbidden = "Forbidden";

    /// <summary>An object of somebody else's stands where the program's should be.</summary>
    public const string ForeignObject = "ForeignObject";
}

/// <summary>
/// From the outcome of a reconcile to its conditions, by the rules of kstatus: Ready always there; at most one of Reconciling
/// and Stalled, each only while True, and then Ready is False; lastTransitionTime moves only with the status.
/// </summary>
internal static class ConditionRules
{
    /// <summary>Ready, and the one abnormal condition if any.</summary>
    public static IReadOnlyList<Condition> Of(Outcome outcome) => outcome switch
    {
        Outcome.Ready ready => [New(ConditionTypes.Ready, ConditionTypes.True, ready.Reason, ready.Message)],
        Outcome.Waiting waiting =>
        [
            New(ConditionTypes.Ready, ConditionTypes.False, waiting.Reason, waiting.Message),
            New(ConditionTypes.Reconciling, ConditionTypes.True, Reasons.Progressing, waiting.Message),
        ],
        Outcome.Stalled stalled =>
        [
            New(ConditionTypes.Ready, ConditionTypes.False, stalled.Reason, stalled.Message),
            New(ConditionTypes.Stalled, ConditionTypes.True, stalled.Reason, stalled.Message),
        ],
        Outcome.Failed failed => Failure(failed.Reason, failed.Message),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static IReadOnlyList<Condition> Failure(string reason, string message) =>
    [
        New(ConditionTypes.Ready, ConditionTypes.False, reason, message),
        New(ConditionTypes.Reconciling, ConditionTypes.True, Reasons.ProgressingWithRetry, message),
    ];

    public static IReadOnlyList<Condition> Progress(string message) =>
    [
        New(ConditionTypes.Ready, ConditionTypes.False, Reasons.Progressing, message),
        New(ConditionTypes.Reconciling, ConditionTypes.True, Reasons.Progressing, message),
    ];

    /// <summary>Somebody asked for a pause.</summary>
    public static IReadOnlyList<Condition> Paused(string annotation, DateTimeOffset until) =>
    [
        New(
            ConditionTypes.Ready,
            ConditionTypes.Unknown,
            Reasons.Paused,
            $"Paused until {until.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} by the annotation {annotation}: nothing is changed and drift is not corrected"),
    ];

    /// <summary>The object is not acted upon as it is, and that passes.</summary>
    public static (IReadOnlyList<Condition> Own, IReadOnlyList<Condition> More) Held(string reason, string message, string declared) =>
        (Failure(reason, message), [New(ConditionTypes.Declared, declared, reason, message)]);

    /// <summary>Nobody declares the object, and nothing is done about it.</summary>
    public static (IReadOnlyList<Condition> Own, IReadOnlyList<Condition> More) Refused(string message) =>
        (Of(new Outcome.Stalled(Reasons.NotDeclared, message)), [Undeclared(message)]);

    public static Condition Undeclared(string message) => New(ConditionTypes.Declared, ConditionTypes.False, Reasons.NotDeclared, message);

    /// <summary>The state of the world is unknown while it is not observed.</summary>
    public static IReadOnlyList<Condition> Suspended(Condition? readyBefore)
    {
        var last = readyBefore is null || readyBefore.Reason == Reasons.Suspended
            ? ""
            : $" Before: {readyBefore.Reason}: {readyBefore.Message}";
        return readyBefore is { Reason: Reasons.Suspended, Status: ConditionTypes.Unknown }
            ? [readyBefore with { ObservedGeneration = null }]
            : [New(ConditionTypes.Ready, ConditionTypes.Unknown, Reasons.Suspended, $"Suspended: nothing is changed and drift is not corrected.{last}")];
    }

    /// <summary>
    /// The list to write: <paramref name="own"/> first, then <paramref name="more"/>, each with the generation and, unless its status
    /// is what it was, the time.
    /// </summary>
    public static IReadOnlyList<Condition> Stamp(
        IReadOnlyList<Condition> before, IReadOnlyList<Condition> own, IEnumerable<Condition> more, long generation, DateTimeOffset now)
    {
        var result = new List<Condition>();
        foreach (var condition in own.Concat(more.Where(m => !IsOwn(m.Type))))
        {
            var old = Find(before, condition.Type);
            result.Add(condition with
            {
                ObservedGeneration = condition.ObservedGeneration ?? generation,
                LastTransitionTime = old is not null && old.Status == condition.Status && old.LastTransitionTime is not null ? old.LastTransitionTime : now,
            });
        }

        return result;
    }

    /// <summary>What a failed reconcile leaves unchanged: the conditions that the reconciler itself reported.</summary>
    public static IEnumerable<Condition> Others(IReadOnlyList<Condition> before) => before.Where(c => !IsOwn(c.Type) && c.Type != ConditionTypes.Declared);

    public static Condition? Find(IReadOnlyList<Condition>? conditions, string type) => conditions?.FirstOrDefault(c => c.Type == type);

    private static bool IsOwn(string type) => type is ConditionTypes.Ready or ConditionTypes.Reconciling or ConditionTypes.Stalled;

    private static Condition New(string type, string status, string reason, string message) =>
        new() { Type = type, Status = status, Reason = reason, Message = message };
}
