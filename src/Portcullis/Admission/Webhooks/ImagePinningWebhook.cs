using Portcullis.Admission.Signatures;
using Portcullis.Core.Signing;
using Portcullis.Core.Signing.Workloads;

namespace Portcullis.Admission.Webhooks;

/// <summary>
/// Names the images of pods by the digests that were signed, so that a tag that is moved afterwards moves nothing. It refuses nothing: what is wrong with an
/// image <see cref="SignedImagesWebhook"/> says of the pod as it is stored, after every other webhook.
/// </summary>
internal sealed class ImagePinningWebhook(ImageReview review, SignatureTerms terms) : IWebhook
{
    public const string MatchName = "pin-images.portcullis.dev";

    private static readonly WebhookDefinition Always = new("/pin-images", WebhookPhase.Mutating, WebhookFailurePolicy.Fail, ImageReview.Timeout)
    {
        Matches = [new WebhookMatch(MatchName, new WebhookRule([""], ["pods", "pods/ephemeralcontainers"], ["CREATE", "UPDATE"]))],
        IsReinvoked = true,
    };

    public WebhookDefinition Definition => terms.Of(Always);

    public IDisposable? WhenRedefined(Action changed) => terms.WhenRedefined(changed);

    public Task PrepareAsync(CancellationToken cancellationToken) => terms.ReadAsync(cancellationToken);

    public async ValueTask<AdmissionResponse> DecideAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        // A template stays as its author wrote it: whoever keeps it so from Git would put it back for ever.
        if (request.QualifiedPlural != "pods" || await review.OfAsync(request, cancellationToken) is not ReviewedImages.Decided decided)
        {
            return AdmissionResponse.Admit;
        }

        var patch = ImagePatch.Of(decided.Uses.Zip(decided.Admission.Images, (use, image) => (use, Named(use, image))));
        return patch.Count == 0 ? AdmissionResponse.Admit : new AdmissionResponse(true, Patch: patch);
    }

    private static string? Named(ImageUse use, SigningDecision image) =>
        image.ToName is { } digest ? ImageName.Pinned(image.Image, digest) : use.Image;
}
