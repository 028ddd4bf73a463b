namespace Portcullis.Core.Roles;

/// <summary>
/// What pods may ask for beyond the ordinary, as RBAC knows it: the verb <c>use</c> on the virtual resource <c>podoptions.portcullis.dev</c>,
/// one name an option. So who may use what is in the ClusterRole like everything else, <c>kubectl auth can-i use podoptions/privileged</c>
/// answers it, and our admission webhook asks the API server and nobody else (PodSecurityPolicy worked the same way).
/// </summary>
public static class PodOptions
{
    public const string Resource = "podoptions";
    public const string Verb = "use";
    public const string Privileged = "privileged";
    public const string HostBindMounts = "host-bind-mounts";
    public const string HostNetwork = "host-network";
    public const string HostPorts = "host-ports";
    public const string HostPid = "host-pid";
    public const string HostIpc = "host-ipc";
    public const string KernelCapabilities = "kernel-capabilities";

    /// <summary>Other than the default confinement: seccomp and AppArmor unconfined, SELinux labels (docker run --security-opt).</summary>
    public const string SecurityOptions = "security-options";

    /// <summary>Kernel parameters beyond those of the pod's own namespaces (docker run --sysctl).</summary>
    public const string Sysctls = "sysctls";

    /// <summary>Inline volumes that a driver on the node serves: NFS, CSI, flexVolume, gitRepo, … (docker run --volume-driver).</summary>
    public const string VolumeDrivers = "volume-drivers";

    /// <summary>UCP's names for them, and Docker's for those that UCP did not know. Options missing here have no counterpart in a pod.</summary>
    public static IReadOnlyDictionary<string, string> ByDockerName { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["Additional Kernel Capabilities"] = KernelCapabilities,
        ["Bridge Networking Mode"] = HostPorts,
        ["Host Bind Mounts"] = HostBindMounts,
        ["Host Networking Mode"] = HostNetwork,
        ["IPC Mode"] = HostIpc,
        ["PID Mode"] = HostPid,
        ["Privileged"] = Privileged,
        ["Security Options"] = SecurityOptions,
        ["Sysctls"] = Sysctls,
        ["Volume Drivers"] = VolumeDrivers,
    };
}
