using Portcullis.Admission.Signatures;
using Portcullis.Core.Signing;

namespace Portcullis.Admission.Webhooks;

/// <summary>Refuses pods, and what makes pods, whose images do not have the signatures that the policies ask for (docs/signed-images.md).</summary>
internal sealed class SignedImagesWebhook(ImageReview review, WorkloadAge age, SignatureTerms terms, SignatureRecord record) : IWebhook
{
    public const string MatchName = "signed-images.portcullis.dev";

    private static readonly string[] Writes = ["CREATE", "UPDATE"];

    private static readonly WebhookDefinition Always = new("/signed-images", WebhookPhase.Validating, WebhookFailurePolicy.Fail, ImageReview.Timeout)
    {
        Matches =
        [
            new WebhookMatch(
                MatchName,
                new WebhookRule([""], ["pods", "pods/ephemeralcontainers", "podtemplates", "replicationcontrollers"], Writes),
                new WebhookRule(["apps"], ["deployments", "replicasets", "statefulsets", "daemonsets"], Writes),
                new WebhookRule(["batch"], ["jobs", "cronjobs"], Writes)),
        ],
    };

    public WebhookDefinition Definition => terms.Of(Always);

    public IDisposable? WhenRedefined(Action changed) => terms.WhenRedefined(changed);

    public Task PrepareAsync(CancellationToken cancellationToken) => terms.ReadAsync(cancellationToken);

    public async ValueTask<AdmissionResponse> DecideAsync(AdmissionRequest request, CancellationToken cancellationToken) => await review.OfAsync(request, cancellationToken) switch
    {
        ReviewedImages.Undecided undecided => Answer(request, undecided),
        ReviewedImages.Decided { Admission: var images } => await AnswerAsync(request, images, cancellationToken),
        _ => AdmissionResponse.Admit,
    };

    private AdmissionResponse Answer(AdmissionRequest request, ReviewedImages.Undecided undecided)
    {
        record.Undecided(request, isAdmitted: !undecided.IsEnforced, undecided.Message);
        return undecided.IsEnforced ? AdmissionResponse.Deny(undecided.Message) : AdmissionResponse.Admit with { Warnings = [undecided.Message] };
    }

    private async ValueTask<AdmissionResponse> AnswerAsync(AdmissionRequest request, ImageAdmission images, CancellationToken cancellationToken)
    {
        var isOld = !images.MayRun && await IsOldAsync(request, images, cancellationToken);
        if ((images.MayRun ? Unpinned(request, images) : isOld ? null : images.Refusal) is { } refusal)
        {
            record.Refused(request, images, refusal);
            return AdmissionResponse.Deny(refusal);
        }

        if (isOld)
        {
            record.Existing(request, images);
        }
        else
        {
            record.Admitted(request, images);
        }

        return images.Warnings is { Count: > 0 } warnings ? AdmissionResponse.Admit with { Warnings = warnings } : AdmissionResponse.Admit;
    }

    /// <summary>A pod runs what it names. Where a webhook of somebody else's took the digest away again, that may be another image by the time it is pulled.</summary>
    private static string? Unpinned(AdmissionRequest request, ImageAdmission images)
    {
        var tag = request.QualifiedPlural == "pods"
            ? images.Images.FirstOrDefault(i => i.ToName is not null)
            : null;
        return tag is null
            ? null
            : $"{tag.Image}: the signed digest {tag.Pinned} is not named: the image was changed after {WebhookConfigurations.MutatingName} named it, or a signature or a policy came in between: try again; if that does not help, see which other mutating webhook changes it";
    }

    /// <summary>Whether every image that is refused is one of a workload that the policies leave as it is (<c>existing: Allow</c>).</summary>
    private async Task<bool> IsOldAsync(AdmissionRequest request, ImageAdmission images, CancellationToken cancellationToken)
    {
        var refused = images.Images.Where(i => !i.MayRun).ToList();
        return refused.TrueForAll(i => i.ExistingBefore is not null) && await age.IsBeforeAsync(request, refused.Min(i => i.ExistingBefore!.Value), cancellationToken);
    }
}
