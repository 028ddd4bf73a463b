using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Kinds;
using Portcullis.Declarations;
using Portcullis.Objects.Json;

namespace Portcullis.Admission.Webhooks;

/// <summary>
/// Refuses edits of what Git declares, and objects of our kinds that nobody declares, with the file and line to change instead. While no copy of the
/// operator answers the edits are made, have no effect, and are brought back: the operator never locks anybody out.
/// </summary>
internal sealed class DeclaredEditsWebhook(KindSet kinds, DeclarationRegister register, OwnIdentity self, AdmissionOptions options) : IWebhook
{
    public WebhookDefinition Definition { get; } = new("/edits", WebhookPhase.Validating, WebhookFailurePolicy.Ignore, TimeSpan.FromSeconds(3))
    {
        Matches = options.Edits == EditPolicy.Revert
            ? []
            : [new WebhookMatch("edits.portcullis.dev", new WebhookRule([WellKnown.Group], [.. kinds.Declarable.Select(k => k.Resource.Plural)], ["CREATE", "UPDATE", "DELETE"]))],
    };

    public Task PrepareAsync(CancellationToken cancellationToken) => self.ReadAsync(cancellationToken);

    public ValueTask<AdmissionResponse> DecideAsync(AdmissionRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(Decide(request));

    private AdmissionResponse Decide(AdmissionRequest request)
    {
        if (self.Is(request.User) || IsMetadataAlone(request))
        {
            return AdmissionResponse.Admit;
        }

        var identity = new ObjectIdentity(request.Group, request.Kind, request.Key);
        var declared = register.PositionOf(identity) ?? ConfirmedPosition(request.OldObject);
        return declared is { } position
            ? AdmissionResponse.Deny($"{identity} is declared by {position}: change it there and commit")
            : request.Operation == "CREATE"
                ? AdmissionResponse.Deny($"{identity} is declared by no GitSource, and without that it would have no effect: commit it to a repository that a GitSource follows")
                : AdmissionResponse.Admit;
    }

    /// <summary>Labels, annotations and finalizers: what of them is declared is brought back.</summary>
    private static bool IsMetadataAlone(AdmissionRequest request) =>
        request.Operation == "UPDATE" && JsonNode.DeepEquals(request.Object?["spec"], request.OldObject?["spec"]);

    /// <summary>A copy that does not lead has no revision; what the stored object says of itself counts as far as it was confirmed.</summary>
    private static string? ConfirmedPosition(JsonObject? stored)
    {
        var metadata = stored.Object("metadata");
        return stored.Object("status").Object("declared") is { } declared && JsonNode.DeepEquals(declared["generation"], metadata?["generation"])
            ? $"{metadata.Object("annotations").String(WellKnown.Annotations.SourcePath) ?? "the start parameters"} of the GitSource {declared.String("source")}"
            : null;
    }
}
