namespace Portcullis.Core.Signing;

/// <summary>Everything that verified trust data says of one repository.</summary>
/// <param name="Targets">Every entry of every role that could be verified, in the order of roles and tags.</param>
/// <param name="Problems">Delegations that could not be verified, or have expired: their entries are not among the targets. As <c>ROLE: what is wrong</c>.</param>
/// <param name="ExpiresAt">The earliest end of root, timestamp, snapshot, targets and the delegations among the targets, certificates that signed them included: until then it may be used without asking the server again.</param>
public sealed record RepositoryTrust(IReadOnlyList<RoleTarget> Targets, IReadOnlyList<string> Problems, DateTimeOffset ExpiresAt)
{
    private ILookup<string, RoleTarget>? _byTag;
    private ILookup<string, RoleTarget>? _byDigest;

    /// <summary>What the roles say of a tag; they may name different digests.</summary>
    public IEnumerable<RoleTarget> OfTag(string tag) => (_byTag ??= Targets.ToLookup(t => t.Tag, StringComparer.Ordinal))[tag];

    /// <summary>The entries, under whatever tag, that name a digest.</summary>
    public IEnumerable<RoleTarget> OfDigest(string digest) => (_byDigest ??= Targets.ToLookup(t => t.Digest, StringComparer.Ordinal))[digest];
}
