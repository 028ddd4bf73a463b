namespace Portcullis.Clients.Registry.Copying;

/// <summary>What is copied within one registry, and to where.</summary>
public sealed record CopyRequest
{
    public required string SourceRepository { get; init; }

    /// <summary>A tag or a digest. By digest it is known at once whether the target has it already.</summary>
    public required string SourceReference { get; init; }

    public required string TargetRepository { get; init; }

    public required string TargetTag { get; init; }

    /// <summary>Whether the caller knows that the target's tag does not name the image: the registry is not asked.</summary>
    public bool TargetDiffers { get; init; }

    /// <summary>Whether what is attached to the image, its parts and its attachments goes along.</summary>
    public bool WithReferrers { get; init; }
}
