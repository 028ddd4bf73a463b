using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Admission.PodSecurity;

/// <summary>Holds a pod against one standard.</summary>
internal static class PodSecurityEvaluation
{
    /// <summary>What is wrong, in the order and words of the real API; empty when nothing is.</summary>
    public static string Violations(PodSecurityPolicy policy, JsonObject pod)
    {
        var view = new PodView(pod.Object("metadata"), pod.Object("spec"));
        return string.Join(", ", ChecksOf(policy).Select(check => check.Find(view)).OfType<PodSecurityViolation>());
    }

    private static IEnumerable<PodSecurityCheck> ChecksOf(PodSecurityPolicy policy) => policy.Level switch
    {
        PodSecurityStandard.Privileged => [],
        PodSecurityStandard.Baseline => Held(BaselineChecks.All.Where(c => !c.Overlapped), policy).Concat(Held(BaselineChecks.All.Where(c => c.Overlapped), policy)),
        _ => Held(BaselineChecks.All.Where(c => !c.Overlapped), policy).Concat(Held(RestrictedChecks.All, policy)),
    };

    private static IEnumerable<PodSecurityCheck> Held(IEnumerable<PodSecurityCheck> checks, PodSecurityPolicy policy) =>
        checks.Where(check => check.HoldsIn(policy.Minor));
}
