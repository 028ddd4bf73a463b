using Portcullis.Objects.Json;

namespace Portcullis.Core.Registries;

/// <summary>Judges a registry by what it answered.</summary>
public static class RegistryJudge
{
    private const int Shown = 20;

    private static readonly TimeSpan CheckEvery = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RetryIn = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ExpiresSoon = TimeSpan.FromDays(30);

    public static Reconciled<RegistryStatus> Judge(RegistryReadBack seen, DateTimeOffset now)
    {
        var undeclared = (seen.Catalogue ?? []).Except(seen.Declared, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var status = new RegistryStatus
        {
            AnsweredAt = seen.Problem is null ? now : seen.AnsweredBefore,
            Authentication = seen.Authentication,
            CertificateExpiresAt = seen.CertificateExpiresAt,
            Repositories = seen.Declared.Count,
            Tags = seen.Tags,
            Undeclared = undeclared.Count == 0 ? null : [.. undeclared.Take(Shown)],
        };
        Outcome outcome = seen.Problem is { } problem
            ? problem.Reason is RegistryReasons.SecretUnusable or RegistryReasons.InvalidUpstream
                ? new Outcome.Stalled(problem.Reason, problem.Message) { CheckAgainIn = CheckEvery }
                : new Outcome.Waiting(problem.Reason, problem.Message, RetryIn)
            : new Outcome.Ready(Message(seen, undeclared.Count), CheckEvery);
        return new Reconciled<RegistryStatus>(outcome, status)
        {
            Events = seen.CertificateExpiresAt is { } end && end - now < ExpiresSoon
                ? [new ReportedEvent(Warning: true, "CertificateExpires", $"the certificate of the registry expires at {KubernetesJson.Time(end)}")]
                : [],
        };
    }

    private static string Message(RegistryReadBack seen, int undeclared) =>
        $"the registry answers; {Pluralize.Of(seen.Declared.Count, "repository", "repositories")}{(undeclared == 0 ? "" : $", {undeclared} more that no Repository declares")}";
}
