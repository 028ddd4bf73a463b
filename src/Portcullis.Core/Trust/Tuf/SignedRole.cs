namespace Portcullis.Core.Trust.Tuf;

/// <summary>A role whose signatures were verified.</summary>
/// <param name="File">The file as it was received. Who publishes it again must not change a byte.</param>
/// <param name="Content">What it says.</param>
/// <param name="Signatures">All of its signatures, those that verify nothing too.</param>
/// <param name="Signers">The keys whose signatures are valid and count towards the threshold, each key once, by their canonical ids.</param>
public sealed record SignedRole<T>(ReadOnlyMemory<byte> File, T Content, IReadOnlyList<TufSignature> Signatures, IReadOnlyList<TufKey> Signers)
    where T : RoleContent
{
    /// <summary>Until when it counts: its own end, or that of the certificates without which too few keys have signed.</summary>
    public DateTimeOffset ValidUntil { get; internal init; } = Content.Expires;
}
