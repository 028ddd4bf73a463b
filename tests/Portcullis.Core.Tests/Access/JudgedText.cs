using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Access;

/// <summary>What a judge says, as lines of a fixture: the outcome, the status, conditions and Events.</summary>
internal static class JudgedText
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IEnumerable<string> Lines<TStatus>(Reconciled<TStatus> judged, JsonTypeInfo resource)
        where TStatus : ResourceStatus
    {
        var status = JsonSerializer.SerializeToNode(judged.Status, resource.Options.GetTypeInfo(typeof(TStatus)))!;
        return
        [
            Of(judged.Outcome),
            .. status is JsonObject { Count: 0 } ? (string[])[] : ["status " + status.ToJsonString(Plain)],
            .. judged.Conditions.Select(c => $"condition {c.Type} {c.Status} {c.Reason}: {c.Message}"),
            .. judged.Events.Select(e => $"Event {(e.Warning ? "Warning" : "Normal")} {e.Reason}: {e.Message}"),
        ];
    }

    public static string Of(Outcome outcome) => outcome switch
    {
        Outcome.Ready ready => $"=> Ready{In(ready.CheckAgainIn)}: {ready.Message}",
        Outcome.Waiting waiting => $"=> Waiting {waiting.Reason}{In(waiting.RetryIn)}: {waiting.Message}",
        Outcome.Stalled stalled => $"=> Stalled {stalled.Reason}{In(stalled.CheckAgainIn)}: {stalled.Message}",
        Outcome.Failed failed => $"=> Failed {failed.Reason}{(failed.IsAway ? " (away)" : "")}: {failed.Message}",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    private static string In(TimeSpan? time) => time is { } span ? $", again in {span:c}" : "";
}
