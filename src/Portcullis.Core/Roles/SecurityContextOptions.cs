using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Roles;

/// <summary>
/// What a security context, of a pod or of a container, asks for beyond the ordinary: each field that the baseline level of Pod Security
/// restricts, and allowPrivilegeEscalation as UCP did.
/// </summary>
internal static class SecurityContextOptions
{
    private const string AppArmorAnnotation = "container.apparmor.security.beta.kubernetes.io/";
    private static readonly string[] ConfinedProfiles = ["RuntimeDefault", "Localhost"];
    private static readonly string[] ContainerTypes = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

    /// <summary>Those that belong to the pod's own namespaces, by the newest version of the standard.</summary>
    private static readonly string[] SafeSysctls =
    [
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports", "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ping_group_range", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_rmem", "net.ipv4.tcp_syncookies", "net.ipv4.tcp_wmem",
    ];

    public static IEnumerable<AskedOption> Of(JsonObject? security, string path) =>
        Asked(security).Select(asked => new AskedOption(asked.Option, $"{path}.securityContext.{asked.Field}"));

    /// <summary>AppArmor profiles as they were written before they became fields; an API server still takes them over.</summary>
    public static IEnumerable<AskedOption> OfAnnotations(JsonObject? metadata, string path) =>
        from pair in metadata.Object("annotations") ?? []
        where pair.Key.StartsWith(AppArmorAnnotation, StringComparison.Ordinal)
        let profile = pair.Value is JsonValue value && value.TryGetValue(out string? text) ? text : ""
        where profile is not ("" or "runtime/default") && !profile.StartsWith("localhost/", StringComparison.Ordinal)
        select new AskedOption(PodOptions.SecurityOptions, $"{path}.annotations[{pair.Key}] ({profile})");

    private static IEnumerable<(string Option, string Field)> Asked(JsonObject? security)
    {
        foreach (var name in (string[])["privileged", "allowPrivilegeEscalation"])
        {
            if (security.Flag(name) == true)
            {
                yield return (PodOptions.Privileged, name);
            }
        }

        if (security.Object("windowsOptions").Flag("hostProcess") == true)
        {
            yield return (PodOptions.Privileged, "windowsOptions.hostProcess");
        }

        if (security.String("procMount") is { } proc and not "Default")
        {
            yield return (PodOptions.Privileged, $"procMount ({proc})");
        }

        if (security.Object("capabilities").Array("add") is { Count: > 0 })
        {
            yield return (PodOptions.KernelCapabilities, "capabilities.add");
        }

        foreach (var name in (string[])["seccompProfile", "appArmorProfile"])
        {
            if (security.Object(name) is { } profile && !ConfinedProfiles.Contains(profile.String("type") ?? "", StringComparer.Ordinal))
            {
                yield return (PodOptions.SecurityOptions, $"{name}.type ({profile.String("type")})");
            }
        }

        if (security.Object("seLinuxOptions") is { } labels && !IsOrdinary(labels))
        {
            yield return (PodOptions.SecurityOptions, "seLinuxOptions");
        }

        foreach (var name in (security.Array("sysctls") ?? []).Select(s => s.String("name") ?? "").Where(n => !SafeSysctls.Contains(n, StringComparer.Ordinal)))
        {
            yield return (PodOptions.Sysctls, $"sysctls ({name})");
        }
    }

    private static bool IsOrdinary(JsonObject labels) =>
        ContainerTypes.Contains(labels.String("type") ?? "", StringComparer.Ordinal)
        && string.IsNullOrEmpty(labels.String("user")) && string.IsNullOrEmpty(labels.String("role"));
}
