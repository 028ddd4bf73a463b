using System.ComponentModel;

namespace Portcullis.Objects;

/// <summary>One observation about an object (meta/v1 Condition).</summary>
public sealed record Condition
{
    [Description("What it is about, such as Ready, Reconciling, Stalled or Declared.")]
    public required string Type { get; init; }

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    [Description("True, False or Unknown.")]
    public required string Status { get; init; }

    [Description("The generation of the object that this was said of.")]
    public long? ObservedGeneration { get; init; }

    /// <summary>Changes only with <see cref="Status"/>.</summary>
    [Description("When the status last changed.")]
    public DateTimeOffset? LastTransitionTime { get; init; }

    /// <summary>PascalCase; one word a program may branch on.</summary>
    [Description("Why, as one word; docs/troubleshooting.md explains each.")]
    public required string Reason { get; init; }

    [Description("Why, for people.")]
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
