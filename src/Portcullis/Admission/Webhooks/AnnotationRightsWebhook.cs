using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Kinds;
using Portcullis.Objects.Json;

namespace Portcullis.Admission.Webhooks;

/// <summary>
/// Whoever sets or changes the annotations <c>pause-until</c> and <c>approve</c> on an object of ours needs the verbs <c>pause</c> and
/// <c>approve</c> on it. It is called only when they change, and then nothing happens without an answer.
/// </summary>
internal sealed class AnnotationRightsWebhook(KindSet kinds, CallerReview review, OwnIdentity self) : IWebhook
{
    private static readonly (string Annotation, string Verb)[] Guarded = [(WellKnown.Annotations.PauseUntil, "pause"), (WellKnown.Annotations.Approve, "approve")];

    public WebhookDefinition Definition { get; } = new("/annotations", WebhookPhase.Validating, WebhookFailurePolicy.Fail, TimeSpan.FromSeconds(5))
    {
        Matches =
        [
            new WebhookMatch("annotations.portcullis.dev", new WebhookRule([WellKnown.Group], [.. kinds.Declarable.Select(k => k.Resource.Plural)], ["CREATE", "UPDATE"]))
            {
                Condition = new MatchCondition("pause-or-approve-changes", string.Join(" || ", Guarded.Select(g => $"{Value("object", g.Annotation)} != {Value("oldObject", g.Annotation)}"))),
            },
        ],
    };

    public Task PrepareAsync(CancellationToken cancellationToken) => self.ReadAsync(cancellationToken);

    public async ValueTask<AdmissionResponse> DecideAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        foreach (var (annotation, verb) in self.Is(request.User) ? [] : Guarded)
        {
            if (Value(request.Object, annotation) != Value(request.OldObject, annotation) && !await review.MayAsync(request, Attributes(request, verb), cancellationToken))
            {
                return AdmissionResponse.Deny($"metadata.annotations[{annotation}]: {request.User} needs the verb {verb} on {request.QualifiedPlural} {request.Key.Name}");
            }
        }

        return AdmissionResponse.Admit;
    }

    private static string? Value(JsonObject? value, string annotation) => value.Object("metadata").Object("annotations").String(annotation);

    /// <summary>The same in CEL; empty when there is none.</summary>
    private static string Value(string variable, string annotation) =>
        $"({variable} != null && has({variable}.metadata.annotations) && '{annotation}' in {variable}.metadata.annotations ? {variable}.metadata.annotations['{annotation}'] : '')";

    private static JsonObject Attributes(AdmissionRequest request, string verb) => new()
    {
        ["group"] = request.Group,
        ["version"] = WellKnown.Version,
        ["resource"] = request.Resource,
        ["name"] = request.Key.Name,
        ["verb"] = verb,
    };
}
