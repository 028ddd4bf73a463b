using System.Globalization;
using Portcullis.Core.Signing;
using Portcullis.Core.Signing.Workloads;
using Portcullis.Objects.Json;
using Portcullis.Signing;

namespace Portcullis.Admission.Signatures;

/// <summary>Has the images of a request decided on, while there is still time to say why not.</summary>
internal sealed class ImageReview(IImageAdmission admission, TimeProvider time)
{
    /// <summary>What the API server waits for a webhook that calls this.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>An answer after this would come too late, and a message of the API server's would not say what was waited for.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(8);

    public async ValueTask<ReviewedImages> OfAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        var mode = admission.Strictest;
        if (mode == SigningMode.Off || IsMirror(request) || (request.Object is null && request.Operation == "DELETE"))
        {
            return ReviewedImages.Nothing.Instance;
        }

        if (request.Object is not { } value)
        {
            return new ReviewedImages.Undecided($"the review of {Named(request)} is without the object, so that its images cannot be judged", mode == SigningMode.Enforce);
        }

        if (WorkloadImages.ToJudge(value, request.OldObject) is not { } uses)
        {
            return new ReviewedImages.Undecided($"{Named(request)} is not known to be a pod or to have a template of pods, so that its images cannot be judged", mode == SigningMode.Enforce);
        }

        return uses.Count == 0 ? ReviewedImages.Nothing.Instance : await DecideAsync(request, uses, mode, cancellationToken);
    }

    private async ValueTask<ReviewedImages> DecideAsync(AdmissionRequest request, IReadOnlyList<ImageUse> uses, SigningMode mode, CancellationToken cancellationToken)
    {
        var asked = admission.DecideAsync([.. uses.Select(u => u.Image ?? "")], request.Key.Namespace, cancellationToken);
        if (asked.IsCompletedSuccessfully)
        {
            return new ReviewedImages.Decided(uses, asked.Result);
        }

        try
        {
            // What is asked goes on for the next request: it is not ended with this one.
            return new ReviewedImages.Decided(uses, await asked.AsTask().WaitAsync(Within, time, cancellationToken));
        }
        catch (TimeoutException)
        {
            var message = string.Create(
                CultureInfo.InvariantCulture, $"{Named(request)}: the signatures of its images were not verified within {Within.TotalSeconds:0} s: try again, and see whether the Notary server answers");
            return new ReviewedImages.Undecided(message, mode == SigningMode.Enforce);
        }
    }

    /// <summary>A kubelet shows the API server a pod that it runs from a file; nothing runs because of it, and no kubelet may create another pod.</summary>
    private static bool IsMirror(AdmissionRequest request) =>
        request.IsByNode && request.Object.Object("metadata").Object("annotations").String("kubernetes.io/config.mirror") is { Length: > 0 };

    private static string Named(AdmissionRequest request) => $"{request.Kind} {request.Key}";
}
