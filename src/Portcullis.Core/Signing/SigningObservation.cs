namespace Portcullis.Core.Signing;

/// <summary>What a policy is reported from.</summary>
public sealed record SigningObservation(SigningPolicy Policy)
{
    public TeamKeys Teams { get; init; } = TeamKeys.Nothing;

    /// <summary>The workloads that are there now in the policy's scope, with what the policy alone says of their images; null when they were not looked at.</summary>
    public IReadOnlyList<JudgedWorkload>? Workloads { get; init; }

    /// <summary>Why nothing keeps images without signatures from running although the policy is enforced; null when something does, or nothing need.</summary>
    public string? Gap { get; init; }

    /// <summary>Why the workloads could not be listed; null when they could.</summary>
    public Problem? Away { get; init; }
}

/// <summary>A workload and what a policy alone says of its images.</summary>
/// <param name="Name">KIND NAMESPACE/NAME.</param>
/// <param name="Images">Each image, with why it would be refused; null when it would not.</param>
public sealed record JudgedWorkload(string Name, IReadOnlyList<JudgedImage> Images);

/// <summary>What a policy says of one image.</summary>
/// <param name="Image">As the workload names it.</param>
/// <param name="Problem">Why it would be refused; null when it would not.</param>
public sealed record JudgedImage(string Image, string? Problem);
