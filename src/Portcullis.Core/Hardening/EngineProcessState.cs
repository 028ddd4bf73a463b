namespace Portcullis.Core.Hardening;

/// <summary>The state of the engine's process. A stopped engine was stopped on purpose and is left alone; a failed one is rolled back.</summary>
public enum EngineProcessState
{
    Unknown,
    Running,
    Stopped,
    Failed,
}
