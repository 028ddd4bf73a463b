using Portcullis.Core.Signing;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Signing;

/// <summary>Reads what a policy is reported from: the running workloads in its scope, each image judged once.</summary>
internal sealed class SigningGatherer(SigningState state, SignedImages images, RunningWorkloads workloads, IEnumerable<ISigningGate> gates)
{
    public async Task<SigningObservation> ObserveAsync(SigningPolicy policy, CancellationToken cancellationToken)
    {
        var observed = new SigningObservation(policy) { Teams = state.Current.Teams, Gap = policy.Spec.Mode == SigningMode.Enforce ? FindGap() : null };
        if (policy.Spec.Mode == SigningMode.Off || policy.IsSuspended)
        {
            return observed;
        }

        try
        {
            return observed with { Workloads = await JudgeAsync(policy, await workloads.ListAsync(cancellationToken), cancellationToken) };
        }
        catch (Exception e) when (e is KubernetesApiException or HttpRequestException)
        {
            return observed with { Away = new Problem(SigningReasons.WorkloadsUnknown, "spec.scope", $"the workloads cannot be listed: {e.Message}") };
        }
    }

    private string? FindGap() => gates.FirstOrDefault() is { } gate ? gate.FindGap() : "the operator was started without admission webhooks (--admission none)";

    private async Task<IReadOnlyList<JudgedWorkload>> JudgeAsync(SigningPolicy policy, IReadOnlyList<RunningWorkload> running, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, string?>(StringComparer.Ordinal);
        var judged = new List<JudgedWorkload>();
        foreach (var workload in running)
        {
            var covered = workload.Images.Where(i => IsCovered(policy, i, state.PlaceOf(workload.Namespace))).ToList();
            foreach (var image in covered.Where(i => !known.ContainsKey(i)))
            {
                known[image] = (await images.DecideByAsync(policy, image, explain: false, cancellationToken)).Verdict.Problem;
            }

            judged.AddRange(covered.Count == 0 ? [] : [new JudgedWorkload(workload.Name, [.. covered.Select(i => new JudgedImage(i, known[i]))])]);
        }

        return judged;
    }

    private bool IsCovered(SigningPolicy policy, string image, SigningPlace place)
    {
        var name = ImageName.TryParse(image);
        var repository = name is null ? null : state.Current.RepositoryOf(name)?.Name;
        return SigningCoverage.Covers(name is null ? policy.Spec.Scope?.Anywhere() : policy.Spec.Scope, place, repository);
    }
}
