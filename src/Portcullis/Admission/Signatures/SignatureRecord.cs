using Portcullis.Core.Signing;
using Portcullis.Kubernetes.Events;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Admission.Signatures;

/// <summary>
/// Writes down who asked for what and what the policies decided; what an audited policy would have refused is an Event of that policy too. A dry run leaves
/// nothing behind.
/// </summary>
internal sealed class SignatureRecord(IAdmissionAudit audit, EventRecorder events, IStore<SigningPolicy> policies)
{
    /// <summary>It is not known what the object would run.</summary>
    public void Undecided(AdmissionRequest request, bool isAdmitted, string reason) => Write(request, "the strictest SigningPolicy", isAdmitted, null, reason);

    public void Refused(AdmissionRequest request, ImageAdmission images, string reason) => Write(request, RuleOf(images), isAdmitted: false, images, reason);

    /// <summary>An older workload whose policies leave it as it is.</summary>
    public void Existing(AdmissionRequest request, ImageAdmission images) => Write(request, $"existing: Allow of {RuleOf(images)}", isAdmitted: true, images, images.Refusal);

    /// <summary>What no policy covers was not decided on.</summary>
    public void Admitted(AdmissionRequest request, ImageAdmission images)
    {
        if (images.Mode == SigningMode.Off)
        {
            return;
        }

        var warnings = images.Warnings;
        Write(request, RuleOf(images), isAdmitted: true, images, warnings.Count > 0 ? string.Join("; ", warnings) : null);
        foreach (var image in request.DryRun || warnings.Count == 0 ? [] : images.Images.Where(i => i is { Mode: SigningMode.Audit, Verdict.Problem: not null }).DistinctBy(i => i.Image))
        {
            var problem = ShownText.Of(image.Verdict.Problem!);
            foreach (var policy in image.Policies.Select(p => policies.Get(ObjectKey.Cluster(p))).OfType<SigningPolicy>())
            {
                events.Record(SigningPolicy.Definition, policy.Metadata, new ReportedEvent(true, SigningReasons.WouldRefuse, $"{request.Kind} {request.Key} of {request.User}: {problem}"));
            }
        }
    }

    private void Write(AdmissionRequest request, string rule, bool isAdmitted, ImageAdmission? images, string? reason)
    {
        if (!request.DryRun)
        {
            audit.Write(new AdmissionAuditRecord(request.User, request.Operation, $"{request.Kind} {request.Key}", rule) { IsAdmitted = isAdmitted, Images = images, Reason = reason });
        }
    }

    private static string RuleOf(ImageAdmission images) => $"SigningPolicy {string.Join(", ", images.Policies)}";
}
