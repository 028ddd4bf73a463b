namespace Portcullis.Core.Hardening;

/// <summary>
/// The flags that a running dockerd was started with, by the daemon.json key of the same setting, or its name within that key. An engine that finds a setting in both
/// does not start (moby findConfigurationConflicts).
/// </summary>
public sealed class DaemonFlags
{
    private static readonly Dictionary<string, string> Shorthands = new(StringComparer.Ordinal)
    {
        ["-b"] = "bridge",
        ["-D"] = "debug",
        ["-G"] = "group",
        ["-H"] = "host",
        ["-l"] = "log-level",
        ["-p"] = "pidfile",
        ["-s"] = "storage-driver",
    };

    private readonly Dictionary<string, string> _values;

    private DaemonFlags(Dictionary<string, string> values, string? configFile)
    {
        _values = values;
        ConfigFile = configFile;
    }

    public static DaemonFlags None { get; } = new(new(StringComparer.Ordinal), null);

    /// <summary>The value of <c>--config-file</c>; null for the default path.</summary>
    public string? ConfigFile { get; }

    /// <summary>The flag's text when it was given, <c>true</c> for a bare switch; else null.</summary>
    public string? ValueOf(string key) => _values.GetValueOrDefault(key);

    /// <summary>Reads a command line as in /proc/PID/cmdline, the program first.</summary>
    public static DaemonFlags Parse(IReadOnlyList<string> commandLine)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        string? configFile = null;
        for (var i = 1; i < commandLine.Count; i++)
        {
            var (flag, value) = Split(commandLine[i]);
            if (flag is null)
            {
                continue;
            }

            var key = DaemonKeys.All.FirstOrDefault(k => k.FlagName == flag || k.Members.Contains(flag, StringComparer.Ordinal));
            var isSwitch = key?.Type == DaemonKeyType.Boolean || flag is "validate" or "version" or "help";
            value ??= isSwitch || i + 1 >= commandLine.Count ? "true" : commandLine[++i];
            if (flag == "config-file")
            {
                configFile = value;
            }
            else if (key is not null)
            {
                values[key.Members.Count > 0 ? flag : key.Name] = value;
            }
        }

        return new DaemonFlags(values, configFile);
    }

    private static (string? Flag, string? Value) Split(string argument)
    {
        if (argument.StartsWith("--", StringComparison.Ordinal))
        {
            return argument[2..].Split('=', 2) is [var name, var value] ? (name, value) : (argument[2..], null);
        }

        // pflag takes -Hunix:///x and -H=unix:///x as well as -H unix:///x.
        if (argument.Length >= 2 && Shorthands.TryGetValue(argument[..2], out var flag))
        {
            return (flag, argument.Length == 2 ? null : argument[2..].TrimStart('='));
        }

        return (null, null);
    }
}
