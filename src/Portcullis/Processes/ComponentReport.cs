namespace Portcullis.Processes;

/// <summary>The state of one component of the program.</summary>
internal enum ComponentState
{
    Starting,
    Running,

    /// <summary>Its program is not installed; everything else runs without it.</summary>
    Missing,

    /// <summary>It exited or never answered; it is started again.</summary>
    Failed,
    Stopped,
}

/// <summary>What is shown of a component: its state and one line that says what to know or to do.</summary>
internal sealed record ComponentReport(string Name, ComponentState State, string Message);
