using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Admission.PodSecurity;

/// <summary>The controls of the baseline standard: known privilege escalations are refused. In the order of their messages.</summary>
internal static class BaselineChecks
{
    private static readonly string[] Capabilities =
    [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP",
        "SETUID", "SYS_CHROOT",
    ];

    private static readonly string[] Sysctls0 =
    [
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range",
        "net.ipv4.ip_unprivileged_port_start",
    ];

    private static readonly string[] Sysctls27 = [.. Sysctls0, "net.ipv4.ip_local_reserved_ports"];

    private static readonly string[] Sysctls29 =
        [.. Sysctls27, "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes"];

    private static readonly string[] Sysctls32 = [.. Sysctls29, "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"];

    public static IReadOnlyList<PodSecurityCheck> All { get; } =
    [
        Check(AppArmor),
        Check(AddedCapabilities) with { Overlapped = true },
        Check(HostNamespaces),
        Check(HostPaths) with { Overlapped = true },
        Check(HostPorts),
        Check(HostProbes) with { Since = 34 },
        Check(Privileged),
        Check(pod => ProcMount(pod, allowUserNamespace: false)) with { Until = 35 },
        Check(pod => ProcMount(pod, allowUserNamespace: true)) with { Since = 35 },
        Check(pod => SeLinux(pod, ["", "container_t", "container_init_t", "container_kvm_t"])) with { Until = 31 },
        Check(pod => SeLinux(pod, ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"])) with { Since = 31 },
        Check(Seccomp) with { Overlapped = true, Since = 19 },
        Check(pod => Sysctls(pod, Sysctls0)) with { Until = 27 },
        Check(pod => Sysctls(pod, Sysctls27)) with { Since = 27, Until = 29 },
        Check(pod => Sysctls(pod, Sysctls29)) with { Since = 29, Until = 32 },
        Check(pod => Sysctls(pod, Sysctls32)) with { Since = 32 },
        Check(WindowsHostProcess),
    ];

    public static bool IsGoodSeccomp(string? type) => type is "RuntimeDefault" or "Localhost";

    private static PodSecurityCheck Check(Func<PodView, PodSecurityViolation?> find) => new(find);

    private static PodSecurityViolation? AppArmor(PodView pod)
    {
        const string annotation = "container.apparmor.security.beta.kubernetes.io/";
        var bad = (pod.Metadata.Object("annotations") ?? [])
            .Where(pair => pair.Key.StartsWith(annotation, StringComparison.Ordinal))
            .Select(pair => (pair.Key, Value: pair.Value is JsonValue value && value.TryGetValue(out string? text) ? text : ""))
            .Where(pair => pair.Value is not ("" or "runtime/default") && !pair.Value.StartsWith("localhost/", StringComparison.Ordinal))
            .Select(pair => $"{pair.Key}=\"{pair.Value}\"")
            .ToList();
        var inPod = pod.SecurityContext.Object("appArmorProfile").String("type");
        var podIsBad = inPod is not (null or "RuntimeDefault" or "Localhost");
        var containers = pod.Where(c => PodView.ContextOf(c).Object("appArmorProfile").String("type") is not (null or "RuntimeDefault" or "Localhost"));
        if (podIsBad || containers.Count > 0)
        {
            var types = PodView.Sorted(pod.Containers
                .Select(c => PodView.ContextOf(c).Object("appArmorProfile").String("type"))
                .Append(inPod)
                .OfType<string>()
                .Where(type => type is not ("RuntimeDefault" or "Localhost")));
            bad.Insert(0, $"{PodView.Setters(podIsBad, containers)} must not set securityContext.appArmorProfile.type to {PodView.Quoted(types)}");
        }

        return bad.Count == 0
            ? null
            : new PodSecurityViolation(
                PodView.Plural(bad, "forbidden AppArmor profile", "forbidden AppArmor profiles"), string.Join(", ", bad.Order(StringComparer.Ordinal)));
    }

    private static PodSecurityViolation? AddedCapabilities(PodView pod)
    {
        static IEnumerable<string> Bad(JsonObject container) =>
            PodView.ContextOf(container).Object("capabilities").Strings("add").Where(c => !Capabilities.Contains(c, StringComparer.Ordinal));

        var containers = pod.Where(container => Bad(container).Any());
        var added = PodView.Sorted(pod.Containers.SelectMany(Bad));
        return containers.Count == 0
            ? null
            : new PodSecurityViolation(
                "non-default capabilities",
                $"{PodView.Named(containers)} must not include {PodView.Quoted(added)} in securityContext.capabilities.add");
    }

    private static PodSecurityViolation? HostNamespaces(PodView pod)
    {
        var used = ((string[])["hostNetwork", "hostPID", "hostIPC"]).Where(name => pod.Spec.Flag(name) == true).Select(name => $"{name}=true").ToList();
        return used.Count == 0 ? null : new PodSecurityViolation("host namespaces", string.Join(", ", used));
    }

    private static PodSecurityViolation? HostPaths(PodView pod)
    {
        var volumes = pod.Volumes.Where(volume => volume["hostPath"] is not null).Select(PodTemplates.Name).ToList();
        return volumes.Count == 0
            ? null
            : new PodSecurityViolation("hostPath volumes", $"{PodView.Plural(volumes, "volume", "volumes")} {PodView.Quoted(volumes)}");
    }

    private static PodSecurityViolation? HostPorts(PodView pod)
    {
        static IEnumerable<long> Bad(JsonObject container) =>
            (container.Array("ports") ?? []).Select(port => port.Long("hostPort") ?? 0).Where(port => port != 0);

        var containers = pod.Where(container => Bad(container).Any());
        var ports = PodView.Sorted(pod.Containers.SelectMany(Bad).Select(port => port.ToString(CultureInfo.InvariantCulture)));
        return containers.Count == 0
            ? null
            : new PodSecurityViolation(
                "hostPort",
                $"{PodView.Named(containers)} {PodView.Plural(containers, "uses", "use")} " +
                $"{PodView.Plural(ports, "hostPort", "hostPorts")} {string.Join(", ", ports)}");
    }

    /// <summary>A probe or hook that names a host makes the kubelet call wherever the pod's author likes.</summary>
    private static PodSecurityViolation? HostProbes(PodView pod)
    {
        static IEnumerable<string> Bad(JsonObject container)
        {
            var handlers = ((string[])["livenessProbe", "readinessProbe", "startupProbe"]).Select(name => container.Object(name))
                .Concat(((string[])["postStart", "preStop"]).Select(name => container.Object("lifecycle").Object(name)));
            foreach (var handler in handlers)
            {
                foreach (var action in (string[])["httpGet", "tcpSocket"])
                {
                    if (handler.Object(action).String("host") is { Length: > 0 } host)
                    {
                        yield return host;
                    }
                }
            }
        }

        var containers = pod.Where(container => Bad(container).Any());
        var hosts = PodView.Sorted(pod.Containers.SelectMany(Bad));
        return containers.Count == 0
            ? null
            : new PodSecurityViolation(
                "probe or lifecycle host",
                $"{PodView.Named(containers)} {PodView.Plural(containers, "uses", "use")} probe or lifecycle " +
                $"{PodView.Plural(hosts, "host", "hosts")} {PodView.Quoted(hosts)}");
    }

    private static PodSecurityViolation? Privileged(PodView pod)
    {
        var containers = pod.Where(container => PodView.ContextOf(container).Flag("privileged") == true);
        return containers.Count == 0
            ? null
            : new PodSecurityViolation("privileged", $"{PodView.Named(containers)} must not set securityContext.privileged=true");
    }

    private static PodSecurityViolation? ProcMount(PodView pod, bool allowUserNamespace)
    {
        if (allowUserNamespace && pod.UsesUserNamespace)
        {
            return null;
        }

        static string? Bad(JsonObject container) => PodView.ContextOf(container).String("procMount") is { } mount && mount != "Default" ? mount : null;
        var containers = pod.Where(container => Bad(container) is not null);
        return containers.Count == 0
            ? null
            : new PodSecurityViolation(
                "procMount",
                $"{PodView.Named(containers)} must not set securityContext.procMount to {PodView.Quoted(PodView.Sorted(pod.Containers.Select(Bad).OfType<string>()))}");
    }

    private static PodSecurityViolation? SeLinux(PodView pod, string[] allowedTypes)
    {
        bool IsBad(JsonObject? options) => options is not null &&
            (!allowedTypes.Contains(options.String("type") ?? "", StringComparer.Ordinal) ||
             options.String("user") is { Length: > 0 } || options.String("role") is { Length: > 0 });

        var own = pod.SecurityContext.Object("seLinuxOptions");
        var containers = pod.Where(container => IsBad(PodView.ContextOf(container).Object("seLinuxOptions")));
        if (!IsBad(own) && containers.Count == 0)
        {
            return null;
        }

        var all = pod.Containers.Select(container => PodView.ContextOf(container).Object("seLinuxOptions")).Append(own).OfType<JsonObject>().ToList();
        var types = PodView.Sorted(all.Select(o => o.String("type") ?? "").Where(type => !allowedTypes.Contains(type, StringComparer.Ordinal)));
        var data = new List<string>();
        if (types.Count > 0)
        {
            data.Add($"{PodView.Plural(types, "type", "types")} {PodView.Quoted(types)}");
        }

        if (all.Any(options => options.String("user") is { Length: > 0 }))
        {
            data.Add("user may not be set");
        }

        if (all.Any(options => options.String("role") is { Length: > 0 }))
        {
            data.Add("role may not be set");
        }

        return new PodSecurityViolation(
            "seLinuxOptions", $"{PodView.Setters(IsBad(own), containers)} set forbidden securityContext.seLinuxOptions: {string.Join("; ", data)}");
    }

    private static PodSecurityViolation? Seccomp(PodView pod) => SeccompBadlySet(pod);

    /// <summary>Explicitly wrong profiles: common to both standards.</summary>
    public static PodSecurityViolation? SeccompBadlySet(PodView pod)
    {
        static string? Bad(JsonObject? context) =>
            context.Object("seccompProfile") is { } profile && !IsGoodSeccomp(profile.String("type")) ? profile.String("type") ?? "" : null;

        var own = Bad(pod.SecurityContext);
        var containers = pod.Where(container => Bad(PodView.ContextOf(container)) is not null);
        var values = PodView.Sorted(pod.Containers.Select(container => Bad(PodView.ContextOf(container))).Append(own).OfType<string>());
        return values.Count == 0
            ? null
            : new PodSecurityViolation(
                "seccompProfile",
                $"{PodView.Setters(own is not null, containers)} must not set securityContext.seccompProfile.type to {PodView.Quoted(values)}");
    }

    private static PodSecurityViolation? Sysctls(PodView pod, string[] allowed)
    {
        var bad = (pod.SecurityContext.Array("sysctls") ?? [])
            .Select(sysctl => sysctl.String("name") ?? "")
            .Where(name => !allowed.Contains(name, StringComparer.Ordinal))
            .ToList();
        return bad.Count == 0 ? null : new PodSecurityViolation("forbidden sysctls", string.Join(", ", bad));
    }

    private static PodSecurityViolation? WindowsHostProcess(PodView pod)
    {
        static bool Bad(JsonObject? context) => context.Object("windowsOptions").Flag("hostProcess") == true;
        var containers = pod.Where(container => Bad(PodView.ContextOf(container)));
        return Bad(pod.SecurityContext) || containers.Count > 0
            ? new PodSecurityViolation(
                "hostProcess", $"{PodView.Setters(Bad(pod.SecurityContext), containers)} must not set securityContext.windowsOptions.hostProcess=true")
            : null;
    }
}
