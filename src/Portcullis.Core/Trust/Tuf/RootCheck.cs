namespace Portcullis.Core.Trust.Tuf;

/// <summary>
/// The checks of a root (TUF specification 5.3, Notary's trustpinning/certs.go). Only certificates for the name count as root keys, each a leaf: the same root key
/// can serve many names, and the root of one must never be taken for that of another. Their ends are judged with the root's, when the newest one is used.
/// </summary>
internal static class RootCheck
{
    public static (SignedRole<RootRole>? Root, TufError? Error) Of(TrustedSet set, VerificationKeys keys, ReadOnlyMemory<byte> file)
    {
        var (envelope, error) = RoleCheck.Parse(RoleNames.Root, file);
        if (envelope is null)
        {
            return (null, error);
        }

        var (content, wrong) = RoleCheck.Understand(RoleNames.Root, envelope, RoleReader.Root);
        if (content is null)
        {
            return (null, wrong);
        }

        var count = (AuthorizedKeys authorized) => new SignatureCheck(keys).Count(envelope, authorized, key => Problem(key, set.Anchor.Gun));
        var own = count(content.Root);
        var failed = own.Signers.Count < content.Root.Threshold ? Fail(TufErrorKind.Threshold, SignatureCheck.Lacking(own.Signers.Count, content.Root.Threshold, own.Reasons))
            : set.Root is null ? First(set.Anchor, content, own.Signers)
            : Next(set.Root.Content, content, count(set.Root.Content.Root));
        return failed is not null ? (null, failed)
            : (new SignedRole<RootRole>(file, content, envelope.Signatures, own.Signers) { ValidUntil = RoleCheck.Earliest(content.Expires, own.Signers, content.Root.Threshold) }, null);
    }

    /// <summary>Pinned keys alone must meet the threshold: otherwise whoever holds another key could list it beside a pinned one.</summary>
    private static TufError? First(TrustAnchor anchor, RootRole root, IReadOnlyList<TufKey> signers)
    {
        var needed = Math.Max(root.Root.Threshold, anchor.Threshold);
        var pinned = signers.Count(s => anchor.RootKeys.Contains(s.CanonicalId));
        return pinned < needed ? Fail(TufErrorKind.NotPinned, $"{pinned} of {needed} needed signatures are by keys that are pinned in Git; it is signed by {string.Join(", ", signers.Take(5).Select(s => KeyList.Short(s.CanonicalId)))}") : null;
    }

    private static TufError? Next(RootRole before, RootRole root, (IReadOnlyList<TufKey> Signers, IReadOnlyList<string> Reasons) byBefore) =>
        byBefore.Signers.Count < before.Root.Threshold
            ? Fail(TufErrorKind.Threshold, SignatureCheck.Lacking(byBefore.Signers.Count, before.Root.Threshold, byBefore.Reasons, $" by keys of the root before it, version {before.Version},"))
        : root.Version <= before.Version ? Fail(TufErrorKind.Rollback, $"version {root.Version} is not newer than {before.Version}, which was seen before")
        : root.Version != before.Version + 1 ? Fail(TufErrorKind.NotNext, $"version {root.Version} does not follow version {before.Version}")
        : null;

    private static string? Problem(TufKey key, string gun) => key.Certificate switch
    {
        null => "is no certificate",
        { IsAuthority: true } => "is a certificate that may sign others: root keys must be leaf certificates (basicConstraints CA:FALSE)",
        { OtherLeaves: > 0 } => "is a bundle of several leaf certificates",
        { IsWeaklySigned: true } => "is a certificate signed with SHA-1",
        var certificate when !certificate.IsFor(gun) => $"is a certificate for '{certificate.CommonName}', not for {gun}",
        _ => null,
    };

    private static TufError Fail(TufErrorKind kind, string message) => new(kind, RoleNames.Root, message);
}
