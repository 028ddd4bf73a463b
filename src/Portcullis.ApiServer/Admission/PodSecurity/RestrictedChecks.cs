using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Admission.PodSecurity;

/// <summary>The controls that the restricted standard adds: pod hardening as it is best done now. In the order of their messages.</summary>
internal static class RestrictedChecks
{
    private static readonly string[] VolumeTypes =
        ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"];

    public static IReadOnlyList<PodSecurityCheck> All { get; } =
    [
        Check(AllowPrivilegeEscalation) with { Since = 8, Until = 25 },
        Check(pod => pod.IsWindows ? null : AllowPrivilegeEscalation(pod)) with { Since = 25 },
        Check(Capabilities) with { Since = 22, Until = 25 },
        Check(pod => pod.IsWindows ? null : Capabilities(pod)) with { Since = 25 },
        Check(Volumes),
        Check(pod => RunAsNonRoot(pod, allowUserNamespace: false)) with { Until = 35 },
        Check(pod => RunAsNonRoot(pod, allowUserNamespace: true)) with { Since = 35 },
        Check(pod => RunAsUser(pod, allowUserNamespace: false)) with { Since = 23, Until = 35 },
        Check(pod => RunAsUser(pod, allowUserNamespace: true)) with { Since = 35 },
        Check(Seccomp) with { Since = 19, Until = 25 },
        Check(pod => pod.IsWindows ? null : Seccomp(pod)) with { Since = 25 },
    ];

    private static PodSecurityCheck Check(Func<PodView, PodSecurityViolation?> find) => new(find);

    private static PodSecurityViolation? AllowPrivilegeEscalation(PodView pod)
    {
        var containers = pod.Where(container => PodView.ContextOf(container).Flag("allowPrivilegeEscalation") != false);
        return containers.Count == 0
            ? null
            : new PodSecurityViolation(
                "allowPrivilegeEscalation != false", $"{PodView.Named(containers)} must set securityContext.allowPrivilegeEscalation=false");
    }

    private static PodSecurityViolation? Capabilities(PodView pod)
    {
        static IEnumerable<string> Added(JsonObject container) =>
            PodView.ContextOf(container).Object("capabilities").Strings("add").Where(capability => capability != "NET_BIND_SERVICE");

        var keeping = pod.Where(container => !PodView.ContextOf(container).Object("capabilities").Strings("drop").Contains("ALL", StringComparer.Ordinal));
        var adding = pod.Where(container => Added(container).Any());
        var details = new List<string>();
        if (keeping.Count > 0)
        {
            details.Add($"{PodView.Named(keeping)} must set securityContext.capabilities.drop=[\"ALL\"]");
        }

        if (adding.Count > 0)
        {
            details.Add(
                $"{PodView.Named(adding)} must not include {PodView.Quoted(PodView.Sorted(pod.Containers.SelectMany(Added)))} in securityContext.capabilities.add");
        }

        return details.Count == 0 ? null : new PodSecurityViolation("unrestricted capabilities", string.Join("; ", details));
    }

    private static PodSecurityViolation? Volumes(PodView pod)
    {
        static string Type(JsonObject volume) =>
            volume.Where(member => member.Key != "name" && member.Value is not null).Select(member => member.Key).FirstOrDefault() ?? "unknown";

        var bad = pod.Volumes.Where(volume => !VolumeTypes.Any(type => volume[type] is not null)).ToList();
        var types = PodView.Sorted(bad.Select(Type));
        return bad.Count == 0
            ? null
            : new PodSecurityViolation(
                "restricted volume types",
                $"{PodView.Plural(bad, "volume", "volumes")} {PodView.Quoted(bad.Select(PodTemplates.Name))} " +
                $"{PodView.Plural(bad, "uses", "use")} restricted volume {PodView.Plural(types, "type", "types")} {PodView.Quoted(types)}");
    }

    private static PodSecurityViolation? RunAsNonRoot(PodView pod, bool allowUserNamespace)
    {
        if (allowUserNamespace && pod.UsesUserNamespace)
        {
            return null;
        }

        var own = pod.SecurityContext.Flag("runAsNonRoot");
        var explicitly = pod.Where(container => PodView.ContextOf(container).Flag("runAsNonRoot") == false);
        var implicitly = pod.Where(container => own != true && PodView.ContextOf(container).Flag("runAsNonRoot") is null);

        if (explicitly.Count > 0 || own == false)
        {
            return new PodSecurityViolation(
                "runAsNonRoot != true", $"{PodView.Setters(own == false, explicitly)} must not set securityContext.runAsNonRoot=false");
        }

        return implicitly.Count == 0
            ? null
            : new PodSecurityViolation("runAsNonRoot != true", $"pod or {PodView.Named(implicitly)} must set securityContext.runAsNonRoot=true");
    }

    private static PodSecurityViolation? RunAsUser(PodView pod, bool allowUserNamespace)
    {
        if (allowUserNamespace && pod.UsesUserNamespace)
        {
            return null;
        }

        var own = pod.SecurityContext.Long("runAsUser") == 0;
        var containers = pod.Where(container => PodView.ContextOf(container).Long("runAsUser") == 0);
        return own || containers.Count > 0
            ? new PodSecurityViolation("runAsUser=0", $"{PodView.Setters(own, containers)} must not set runAsUser=0")
            : null;
    }

    private static PodSecurityViolation? Seccomp(PodView pod)
    {
        if (BaselineChecks.SeccompBadlySet(pod) is { } violation)
        {
            return violation;
        }

        var podIsSet = pod.SecurityContext.Object("seccompProfile") is not null;
        var containers = pod.Where(container => !podIsSet && PodView.ContextOf(container).Object("seccompProfile") is null);
        return containers.Count == 0
            ? null
            : new PodSecurityViolation(
                "seccompProfile",
                $"pod or {PodView.Named(containers)} must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"");
    }
}
