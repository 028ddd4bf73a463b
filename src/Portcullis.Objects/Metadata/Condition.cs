namespace Portcullis.Objects;

/// <summary>One observation about an object (meta/v1 Condition).</summary>
public sealed record Condition
{
    public required string Type { get; init; }

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public required string Status { get; init; }

    public long? ObservedGeneration { get; init; }

    /// <summary>Changes only with <see cref="Status"/>.</summary>
    public DateTimeOffset? LastTransitionTime { get; init; }

    /// <summary>PascalCase; one word a program may branch on.</summary>
    public required string Reason { get; init; }

    public required string Message { get; init; }
}

/// <summary>The condition types and statuses that every kind has (kstatus).</summary>
public static class ConditionTypes
{
    public const string Ready = "Ready";
    public const string Reconciling = "Reconciling";
    public const string Stalled = "Stalled";

    /// <summary>Only there while the object is not what a source declares (False), or nobody can say (Unknown).</summary>
    public const string Declared = "Declared";

    public const string True = "True";
    public const string False = "False";
    public const string Unknown = "Unknown";
}
