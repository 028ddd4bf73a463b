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
            GatewayCertificateExpiresAt = seen.Gateway?.ExpiresAt,
            Repositories = seen.Declared.Count,
            Tags = seen.Tags,
            Undeclared = undeclared.Count == 0 ? null : [.. undeclared.Take(Shown)],
        };
        Outcome outcome = seen.Problem is { } problem
            ? problem.Reason is RegistryReasons.SecretUnusable or RegistryReasons.InvalidUpstream
                ? new Outcome.Stalled(problem.Reason, problem.Message) { CheckAgainIn = CheckEvery }
                : new Outcome.Waiting(problem.Reason, problem.Message, RetryIn) { IsWarning = true }
            : new Outcome.Ready(Message(seen, undeclared.Count), CheckEvery);
        var gateway = GatewayCertificateJudge.Judge(seen.Gateway, seen.Host, now);
        return new Reconciled<RegistryStatus>(outcome, status)
        {
            Conditions = gateway is null ? [] : [gateway],
            Events = [.. Events(seen, gateway, now)],
        };
    }

    private static IEnumerable<ReportedEvent> Events(RegistryReadBack seen, Condition? gateway, DateTimeOffset now)
    {
        if (seen.CertificateExpiresAt is { } end && end - now < ExpiresSoon)
        {
            yield return new ReportedEvent(Warning: true, RegistryReasons.CertificateExpires, $"the certificate of the registry expires at {KubernetesJson.Time(end)}");
        }

        if (gateway is { Reason: not RegistryReasons.CertificateValid, Message: { } message })
        {
            yield return new ReportedEvent(Warning: true, gateway.Reason, message);
        }
    }

    private static string Message(RegistryReadBack seen, int undeclared) =>
        $"the registry answers; {Pluralize.Of(seen.Declared.Count, "repository", "repositories")}{(undeclared == 0 ? "" : $", {undeclared} more that no Repository declares")}";
}
