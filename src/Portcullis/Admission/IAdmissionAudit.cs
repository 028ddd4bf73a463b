using Portcullis.Core.Signing;

namespace Portcullis.Admission;

/// <summary>Takes a record of each decision about the images of an object. It must not fail its caller and must not wait.</summary>
internal interface IAdmissionAudit
{
    void Write(AdmissionAuditRecord record);
}

/// <summary>Who asked for what, and what was decided.</summary>
/// <param name="Caller">Who, as the API server knows him.</param>
/// <param name="Operation">CREATE or UPDATE.</param>
/// <param name="Subject">The object, as <c>KIND NAMESPACE/NAME</c>.</param>
/// <param name="Rule">What decided: the policies, or <c>existing: Allow</c> of them.</param>
internal sealed record AdmissionAuditRecord(string Caller, string Operation, string Subject, string Rule)
{
    public required bool IsAdmitted { get; init; }

    /// <summary>The images that were decided on; null when it is not known what the object would run.</summary>
    public ImageAdmission? Images { get; init; }

    /// <summary>Why it was refused, or is admitted although a policy is not satisfied; null when every policy is.</summary>
    public string? Reason { get; init; }
}
