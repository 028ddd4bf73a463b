using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Core.Criteria;
using Portcullis.Core.Promotions;
using Portcullis.Core.Repositories;
using Portcullis.Objects;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Tests.Promotions;

/// <summary>Reads an observation as the examples write it.</summary>
internal static class PromotionGiven
{
    public static DateTimeOffset Time(JsonObject given, string name) => given[name]!.Deserialize<DateTimeOffset>(JsonSerializerOptions.Web);

    public static PromotionObservation Read(JsonObject given) => new(Policy(given.Object("policy")!))
    {
        Source = Entries(given.Array("source")),
        Target = Entries(given.Array("target")),
        ImmutableBy = tag => given.Object("immutable").String(tag),
        Evidence = (given.Object("evidence") ?? []).ToDictionary(e => e.Key, e => Evidence((JsonObject)e.Value!), StringComparer.Ordinal),
        OthersToTarget = [.. (given.Array("others") ?? []).Select(o => Policy((JsonObject)o!))],
    };

    private static PromotionPolicy Policy(JsonObject policy) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = policy.String("name"),
            Generation = policy["generation"]?.GetValue<long>() ?? 1,
            CreationTimestamp = policy.ContainsKey("created") ? Time(policy, "created") : null,
        },
        Spec = Spec(policy),
        Status = policy.Object("status")?.Deserialize(PromotionsJsonContext.Default.PromotionPolicyStatus),
    };

    private static PromotionPolicySpec Spec(JsonObject policy) => new JsonObject
    {
        ["registry"] = "dtr",
        ["source"] = new JsonObject { ["repository"] = policy.String("from") ?? "admin/flask_build" },
        ["target"] = new JsonObject { ["repository"] = policy.String("to") ?? "admin/flask", ["tagTemplate"] = policy.String("template") ?? "%n" },
        ["criteria"] = policy.Array("criteria")?.DeepClone(),
        ["freezeWindows"] = policy.Array("freezeWindows")?.DeepClone(),
        ["applyTo"] = policy.String("applyTo") ?? "Future",
    }.Deserialize(PromotionsJsonContext.Default.PromotionPolicySpec)!;

    private static IReadOnlyList<TagEntry> Entries(JsonArray? entries) => [.. (entries ?? []).Select(e => e!.Deserialize(RepositoriesJsonContext.Default.TagEntry)!)];

    private static ImageEvidence Evidence(JsonObject evidence) => new()
    {
        Scan = evidence.String("scan") is { } state ? new ScanEvidence
        {
            State = Enum.Parse<ScanState>(state),
            Critical = evidence["critical"]?.GetValue<int>() ?? 0,
            Major = evidence["major"]?.GetValue<int>() ?? 0,
            Minor = evidence["minor"]?.GetValue<int>() ?? 0,
            Details = evidence.String("details") ?? "",
            Components = [.. (evidence.Object("components") ?? []).Select(c => new ImageComponent(c.Key, [.. c.Value!.AsArray().Select(l => l!.GetValue<string>())]))],
        } : null,
        Signatures = evidence.Array("signedBy") is { } teams ? new SignatureEvidence([.. teams.Select(t => t!.GetValue<string>())]) : null,
    };
}
