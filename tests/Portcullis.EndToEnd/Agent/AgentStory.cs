using System.Text.Json.Nodes;
using Portcullis.Testing;

namespace Portcullis.EndToEnd.Agent;

/// <summary>What the killed agent is busy with.</summary>
internal enum AgentChapter
{
    /// <summary>Keys that a SIGHUP puts in force.</summary>
    Reloading,

    /// <summary>A key for which the engine restarts, once the operator permits it.</summary>
    Restarting,

    /// <summary>The NodeHardening goes: its keys leave the file and the engine, somebody else's stay.</summary>
    Removing,
}

/// <summary>How a chapter begins and what must be true when it is over.</summary>
internal static class AgentStory
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static void Begin(AgentSite site, AgentChapter chapter)
    {
        switch (chapter)
        {
            case AgentChapter.Reloading:
                site.Harden("{live-restore: true, max-concurrent-downloads: 6}");
                break;
            case AgentChapter.Restarting:
                site.Harden("{live-restore: true, log-driver: local}");
                break;
            default:
                site.Soften();
                break;
        }
    }

    /// <summary>True once everything is as it must be; false when it is enough before.</summary>
    public static async Task<bool> EndsAsync(AgentSite site, AgentChapter chapter, Task enough)
    {
        string? problem = null;
        var ended = Eventually.GetsAsync(
            async () => enough.IsCompleted ? "enough" : (problem = await ProblemAsync(site, chapter)) is null ? "ended" : null, within: Patience);
        try
        {
            return await ended == "ended";
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{problem} {e.InnerException?.Message}", e);
        }
    }

    private static Task<string?> ProblemAsync(AgentSite site, AgentChapter chapter) => chapter switch
    {
        AgentChapter.Reloading => site.ProblemAsync("""{"mtu":1400,"live-restore":true,"max-concurrent-downloads":6}""", info => LiveRestores(info), isHardened: true),
        AgentChapter.Restarting => site.ProblemAsync(
            """{"mtu":1400,"live-restore":true,"log-driver":"local"}""", info => LiveRestores(info) && LogDriver(info) == "local", isHardened: true),
        _ => site.ProblemAsync("""{"mtu":1400}""", info => !LiveRestores(info) && LogDriver(info) == "json-file", isHardened: false),
    };

    private static bool LiveRestores(JsonObject info) => info["LiveRestoreEnabled"]!.GetValue<bool>();

    private static string LogDriver(JsonObject info) => info["LoggingDriver"]!.GetValue<string>();
}
