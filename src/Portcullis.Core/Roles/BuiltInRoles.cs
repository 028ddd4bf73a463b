namespace Portcullis.Core.Roles;

/// <summary>The roles that ship with the program (docker-ee.md 7.2). Grants may write their names in any case.</summary>
public static class BuiltInRoles
{
    private static readonly string[] ViewOnlyOperations =
    [
        "Config View", "Container Logs", "Container Stats", "Container Top", "Container View", "Image History", "Image View", "Network View",
        "Node View", "Secret View", "Service Logs", "Service View", "Service View Tasks", "Volume View",
    ];

    /// <summary>What RestrictedControl may not ask for: everything that reaches out of the container.</summary>
    private static readonly string[] RestrictedOptions =
    [
        "Additional Kernel Capabilities", "Host Bind Mounts", "Host Networking Mode", "IPC Mode", "PID Mode", "Privileged",
        "Security Options", "Sysctls", "Volume Drivers",
    ];

    public static ResolvedRole None { get; } = Make("none", [], _ => true);

    public static ResolvedRole ViewOnly { get; } = Make("viewonly", ViewOnlyOperations, _ => true);

    public static ResolvedRole Scheduler { get; } = Make("scheduler", ["Node Schedule", "Node View"], _ => true);

    public static ResolvedRole RestrictedControl { get; } =
        Make("restrictedcontrol", DockerOperations.All.Keys.Where(k => k != "Container Exec"), option => !RestrictedOptions.Contains(option));

    public static ResolvedRole FullControl { get; } = Make("fullcontrol", DockerOperations.All.Keys, _ => true);

    public static IReadOnlyList<ResolvedRole> All { get; } = [None, ViewOnly, Scheduler, RestrictedControl, FullControl];

    /// <summary>As people write them.</summary>
    public static IReadOnlyList<string> Names { get; } = ["None", "ViewOnly", "Scheduler", "RestrictedControl", "FullControl"];

    public static ResolvedRole? Find(string name) => All.FirstOrDefault(r => string.Equals(r.Name, name, StringComparison.OrdinalIgnoreCase));

    private static ResolvedRole Make(string name, IEnumerable<string> operations, Func<string, bool> hasOption)
    {
        var chosen = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var operation in operations)
        {
            chosen[operation] = [.. DockerOperations.All[operation].Options.Where(hasOption)];
        }

        return RoleResolution.Build(name, chosen.Keys.SelectMany(k => DockerOperations.All[k].Rules), chosen);
    }
}
