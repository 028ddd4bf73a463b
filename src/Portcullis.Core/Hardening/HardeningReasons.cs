namespace Portcullis.Core.Hardening;

/// <summary>The reasons of conditions, reports and Events about nodes.</summary>
public static class HardeningReasons
{
    public const string Refused = "Refused";
    public const string RolledBack = "RolledBack";
    public const string RestartRequired = "RestartRequired";
    public const string RestartWaitsForIdle = "RestartWaitsForIdle";
    public const string RestartWaitsForTurn = "RestartWaitsForTurn";
    public const string EngineUnreachable = "EngineUnreachable";
    public const string NotReported = "NotReported";
    public const string AgentSilent = "AgentSilent";
    public const string NoNodes = "NoNodesSelected";
    public const string Progressing = "Progressing";
    public const string Different = "Different";
    public const string NotInForce = "NotInForce";
    public const string FileChanged = "FileChanged";
    public const string FileProblem = "FileProblem";
    public const string Restarted = "Restarted";
    public const string DriftReverted = "DriftReverted";
}
