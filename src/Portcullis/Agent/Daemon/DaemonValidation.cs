using Portcullis.Agent.Engine;
using Portcullis.Core.Hardening;
using Portcullis.Http.Messages;

namespace Portcullis.Agent.Daemon;

/// <summary>Asks the dockerd of the node whether it accepts a file together with the flags that it runs with.</summary>
internal sealed class DaemonValidation(AgentOptions options, DaemonStore store)
{
    /// <summary>The first engine with <c>--validate</c>.</summary>
    private static readonly EngineVersion Since = new(23, 0, 0);

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <summary>Null when it is accepted, or when the engine is too old to be asked.</summary>
    public async Task<string?> ErrorOfAsync(DaemonJson content, EngineSnapshot engine, CancellationToken cancellationToken)
    {
        if (engine.Observation is not { } observation || observation.Version < Since || engine.Process is not { } process)
        {
            return null;
        }

        var candidate = store.Folder.WriteTemporary("daemon.json.candidate", content.ToBytes());
        var result = await HostCommand.RunAsync(
            options.Dockerd ?? process.Executable, [.. FlagsOf(process), "--validate", $"--config-file={candidate}"], Timeout, cancellationToken);
        File.Delete(candidate);
        return result.ExitCode == 0 ? null : MessageSanitizer.Clean(result.Output.Replace(candidate, options.DaemonJson, StringComparison.Ordinal).Trim());
    }

    /// <summary>All but the configuration file.</summary>
    private static List<string> FlagsOf(RunningEngine process)
    {
        var flags = process.CommandLine.Skip(1).Where(a => !a.StartsWith("--config-file=", StringComparison.Ordinal)).ToList();
        if (flags.IndexOf("--config-file") is var at and >= 0)
        {
            flags.RemoveRange(at, Math.Min(2, flags.Count - at));
        }

        return flags;
    }
}
