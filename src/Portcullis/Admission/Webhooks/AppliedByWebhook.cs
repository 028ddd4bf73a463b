using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Kinds;
using Portcullis.Declarations;
using Portcullis.Objects.Json;

namespace Portcullis.Admission.Webhooks;

/// <summary>
/// Where another GitOps tool delivers our objects: notes on each object which trusted applier wrote its content, and takes away what anybody else
/// claims. Nothing of our kinds is written while it cannot be called.
/// </summary>
internal sealed class AppliedByWebhook(KindSet kinds, DeclarationOptions options) : IWebhook
{
    private const string Annotations = "/metadata/annotations";

    public WebhookDefinition Definition { get; } = new("/applied-by", WebhookPhase.Mutating, WebhookFailurePolicy.Fail, TimeSpan.FromSeconds(5))
    {
        Matches = options.TrustedAppliers.Count == 0
            ? []
            : [new WebhookMatch("applied-by.portcullis.dev", new WebhookRule([WellKnown.Group], [.. kinds.Declarable.Select(k => k.Resource.Plural)], ["CREATE", "UPDATE"]))],
    };

    public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask<AdmissionResponse> DecideAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var claimed = Noted(request.Object);
        var right = request.Operation == "UPDATE" && JsonNode.DeepEquals(request.Object?["spec"], request.OldObject?["spec"])
            ? Noted(request.OldObject)
            : options.TrustedAppliers.Contains(request.User) ? request.User : null;
        return ValueTask.FromResult(claimed == right ? AdmissionResponse.Admit : new AdmissionResponse(true, Patch: Patch(request.Object, claimed, right)));
    }

    private static string? Noted(JsonObject? value) => value.Object("metadata").Object("annotations").String(WellKnown.Annotations.AppliedBy);

    private static JsonArray Patch(JsonObject? value, string? claimed, string? right)
    {
        var path = $"{Annotations}/{WellKnown.Annotations.AppliedBy.Replace("/", "~1", StringComparison.Ordinal)}";
        var patch = new JsonArray();
        if (value.Object("metadata").Object("annotations") is null)
        {
            patch.Add((JsonNode)new JsonObject { ["op"] = "add", ["path"] = Annotations, ["value"] = new JsonObject() });
        }

        patch.Add((JsonNode)(right is null
            ? new JsonObject { ["op"] = "remove", ["path"] = path }
            : new JsonObject { ["op"] = claimed is null ? "add" : "replace", ["path"] = path, ["value"] = right }));
        return patch;
    }
}
