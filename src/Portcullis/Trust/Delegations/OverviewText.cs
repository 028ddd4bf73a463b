using System.Text;
using Portcullis.Core.Trust;
using Portcullis.Objects.Json;

namespace Portcullis.Trust.Delegations;

/// <summary>An overview as lines for people.</summary>
internal static class OverviewText
{
    public static string Of(TrustOverview overview)
    {
        var text = new StringBuilder();
        text.Append($"{overview.Gun}\n");
        foreach (var entry in overview.Declarations)
        {
            text.Append($"\nTrustDelegation {entry.Name}: {(entry.Status is null ? "not looked at yet" : entry.Status.State)}\n");
            if (entry.Status is { } status)
            {
                Append(text, status);
            }
        }

        if (overview.Server is { } server)
        {
            text.Append("\nNotary server:\n");
            server.ToList().ForEach(l => text.Append($"  {l}\n"));
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, RepositoryTrustStatus status)
    {
        Line(text, status.Message);
        Line(text, status.Versions is { } versions ? $"versions of root, targets, snapshot, timestamp: {versions}" : null);
        Line(text, status.ExpiresAt is { } end ? $"ends at {KubernetesJson.Time(end)}" : null);
        foreach (var role in status.Roles ?? [])
        {
            var signed = role.Version is { } version ? FormattableString.Invariant($", version {version} until {(role.ExpiresAt is { } at ? KubernetesJson.Time(at) : "")}") : ", nothing signed";
            Line(text, FormattableString.Invariant($"{role.Name} ({role.State}): {role.Threshold} of {string.Join(", ", role.Keys ?? [])}{signed}"));
        }

        (status.Drift ?? []).ToList().ForEach(d => Line(text, $"differs: {d}"));
        (status.LosesSignature ?? []).ToList().ForEach(l => Line(text, $"lost its signature: {l}"));
        if (status.Pending is { } pending)
        {
            Line(text, FormattableString.Invariant($"{pending.Role} {pending.Version} waits for signatures of {string.Join(", ", pending.Keys)} over these bytes (base64):"));
            Line(text, pending.Content);
        }
    }

    private static void Line(StringBuilder text, string? line)
    {
        if (line is { Length: > 0 })
        {
            text.Append($"  {line}\n");
        }
    }
}
