namespace Portcullis.Objects.Reconciliation;

/// <summary>What an action does to what somebody may do. Among actions that may run, those that narrow go first.</summary>
public enum ActionEffect
{
    /// <summary>Takes a right, a reach or a freedom away.</summary>
    Narrow,

    /// <summary>Neither.</summary>
    Neutral,

    /// <summary>Gives one.</summary>
    Widen,
}
