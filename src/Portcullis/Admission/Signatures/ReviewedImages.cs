using Portcullis.Core.Signing;
using Portcullis.Core.Signing.Workloads;

namespace Portcullis.Admission.Signatures;

/// <summary>What was found out about the images of a request.</summary>
internal abstract record ReviewedImages
{
    private ReviewedImages()
    {
    }

    /// <summary>There is no image that anybody has to decide on.</summary>
    public sealed record Nothing : ReviewedImages
    {
        public static Nothing Instance { get; } = new();
    }

    /// <summary>Each image is decided on, in the order of its uses.</summary>
    public sealed record Decided(IReadOnlyList<ImageUse> Uses, ImageAdmission Admission) : ReviewedImages;

    /// <summary>It is not known what the object would run, or not in time who signed it.</summary>
    /// <param name="Message">What is missing.</param>
    /// <param name="IsEnforced">Whether not knowing is a reason to refuse.</param>
    public sealed record Undecided(string Message, bool IsEnforced) : ReviewedImages;
}
