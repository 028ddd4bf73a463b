using System.Collections.Immutable;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>
/// Metadata of one name that were verified: files in, a larger set or an error out (TUF specification 1.0.33, section 5, and Notary's tuf/builder.go where that
/// is stricter). Nothing is downloaded here, and no set ever changes.
/// <code>
/// Begin ─▶ root ─▶ root… (each signed by the keys of the one before) ─▶ timestamp ─▶ snapshot ─▶ targets ─▶ its delegations ─▶ theirs …
/// </code>
/// Each file is checked against what was verified before it: a timestamp and all after it only with the newest root, a snapshot by the hash in the timestamp, all
/// others by the hashes in the snapshot. A new timestamp that names another snapshot takes away what hung from the old one; versions that were seen stay known.
/// </summary>
public sealed class TrustedSet
{
    private readonly VerificationKeys _keys;

    private TrustedSet(TrustAnchor anchor, VerificationKeys keys) => (Anchor, _keys) = (anchor, keys);

    private TrustedSet(TrustedSet other)
    {
        (Anchor, _keys, IgnoresExpiry, Rotations) = (other.Anchor, other._keys, other.IgnoresExpiry, other.Rotations);
        (Root, Timestamp, Snapshot, Targets) = (other.Root, other.Timestamp, other.Snapshot, other.Targets);
        (Delegations, LeftOut, Floors, Held, LeastRoot) = (other.Delegations, other.LeftOut, other.Floors, other.Held, other.LeastRoot);
    }

    public TrustAnchor Anchor { get; }

    /// <summary>Whether what has expired is taken, to be signed anew. Such a set makes nothing trusted.</summary>
    public bool IgnoresExpiry { get; private init; }

    public SignedRole<RootRole>? Root { get; private init; }

    public SignedRole<TimestampRole>? Timestamp { get; private init; }

    public SignedRole<SnapshotRole>? Snapshot { get; private init; }

    public SignedRole<TargetsRole>? Targets { get; private init; }

    /// <summary>By their names.</summary>
    public ImmutableDictionary<string, DelegatedRole> Delegations { get; private init; } = ImmutableDictionary.Create<string, DelegatedRole>(StringComparer.Ordinal);

    /// <summary>Delegations that were left out, and why, by their names.</summary>
    public ImmutableDictionary<string, TufError> LeftOut { get; private init; } = ImmutableDictionary.Create<string, TufError>(StringComparer.Ordinal);

    internal RoleFloors Floors { get; private init; } = RoleFloors.None;

    /// <summary>Files that hung from an older snapshot, by role: some of them may be named by the new one, too.</summary>
    internal ImmutableDictionary<string, ReadOnlyMemory<byte>> Held { get; private init; } = ImmutableDictionary.Create<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);

    internal int Rotations { get; private init; }

    /// <summary>The version of the newest root of a set that is no longer at hand; 0 for none.</summary>
    internal long LeastRoot { get; private init; }

    /// <summary>What must not be older in a set that is read anew; null when there is no root yet.</summary>
    public SeenVersions? Seen => Root is null ? null : new SeenVersions(Math.Max(Root.Content.Version, LeastRoot), Floors);

    /// <summary>Nothing but the anchor.</summary>
    /// <param name="anchor">Where trust begins.</param>
    /// <param name="keys">Keys that are ready to verify.</param>
    /// <param name="seen">The versions of a set that was verified before; null for none.</param>
    public static TrustedSet Begin(TrustAnchor anchor, VerificationKeys keys, SeenVersions? seen = null) =>
        new(anchor, keys) { Floors = seen?.Floors ?? RoleFloors.None, LeastRoot = seen?.Root ?? 0 };

    /// <summary>The same for who signs anew: what has expired is taken, and what is older than what was seen.</summary>
    /// <param name="anchor">Where trust begins.</param>
    /// <param name="keys">Keys that are ready to verify.</param>
    /// <param name="before">A set of the same name whose files are held; null for none.</param>
    public static TrustedSet BeginToSign(TrustAnchor anchor, VerificationKeys keys, TrustedSet? before = null)
    {
        var begun = new TrustedSet(anchor, keys) { IgnoresExpiry = true };
        return before is null ? begun : new TrustedSet(begun) { Held = before.FilesHeld() };
    }

    /// <summary>
    /// The first root, which pinned keys must have signed, or the next one, which the keys of the last and its own must have signed. Its end is looked at when
    /// the timestamp comes: roots on the way to the newest may be old.
    /// </summary>
    public TufResult WithRoot(ReadOnlyMemory<byte> file) =>
        Root is not null && Root.File.Span.SequenceEqual(file.Span) ? TufResult.Of(this)
            : Rotations >= RoleLimits.Rotations ? Fail(TufErrorKind.TooMany, RoleNames.Root, $"more than {RoleLimits.Rotations} roots follow one another")
            : RootCheck.Of(this, _keys, file) is var checkedRoot && checkedRoot.Root is { } root ? TufResult.Of(After(root))
            : TufResult.Of(checkedRoot.Error!);

    public TufResult WithTimestamp(ReadOnlyMemory<byte> file, DateTimeOffset now)
    {
        if (Root is null)
        {
            return Fail(TufErrorKind.OutOfOrder, RoleNames.Timestamp, "there is no root yet");
        }

        if (Root.Content.Version < LeastRoot)
        {
            return Fail(TufErrorKind.Rollback, RoleNames.Root, $"version {Root.Content.Version} is older than {LeastRoot}, which was seen before");
        }

        if (EndOf(RoleNames.Root, Root, now) is { } ended)
        {
            return TufResult.Of(ended);
        }

        if (Timestamp is not null && Timestamp.File.Span.SequenceEqual(file.Span))
        {
            return (EndOf(RoleNames.Timestamp, Timestamp, now) ?? EndOfKept(now)) is { } error ? TufResult.Of(error) : TufResult.Of(this);
        }

        var read = Check(RoleNames.Timestamp, file, Root.Content.Timestamp, now, RoleReader.Timestamp);
        return read.Role is not { } timestamp ? TufResult.Of(read.Error!)
            : timestamp.Content.Snapshot.Length > RoleLimits.SnapshotLength ? Fail(TufErrorKind.TooLarge, RoleNames.Snapshot, "the timestamp names one that is too large")
            : After(timestamp) is var next && next.EndOfKept(now) is { } kept ? TufResult.Of(kept)
            : TufResult.Of(next);
    }

    public TufResult WithSnapshot(ReadOnlyMemory<byte> file, DateTimeOffset now)
    {
        if (Timestamp is null)
        {
            return Fail(TufErrorKind.OutOfOrder, RoleNames.Snapshot, "there is no timestamp yet");
        }

        if (!Timestamp.Content.Snapshot.IsOf(file.Span))
        {
            return Fail(TufErrorKind.Mismatch, RoleNames.Snapshot, "it is not the file that the timestamp names");
        }

        var read = Check(RoleNames.Snapshot, file, Root!.Content.Snapshot, now, RoleReader.Snapshot);
        return read.Role is not { } snapshot ? TufResult.Of(read.Error!)
            : !snapshot.Content.Files[RoleNames.Root].IsOf(Root.File.Span) ? Fail(TufErrorKind.Mismatch, RoleNames.Root, "the newest root is not the one that the snapshot names")
            : TufResult.Of(new TrustedSet(this)
            {
                Snapshot = snapshot, Targets = null, Delegations = Delegations.Clear(), LeftOut = LeftOut.Clear(), Held = FilesHeld(),
                Floors = Floors.With(RoleNames.Snapshot, snapshot.Content.Version, Root.Content.Snapshot),
            });
    }

    /// <param name="role"><c>targets</c>, or a delegation whose parent is there.</param>
    /// <param name="file">The file.</param>
    /// <param name="now">By which its end is judged.</param>
    public TufResult WithTargets(string role, ReadOnlyMemory<byte> file, DateTimeOffset now)
    {
        if (Snapshot is null)
        {
            return Fail(TufErrorKind.OutOfOrder, role, "there is no snapshot yet");
        }

        return role == RoleNames.Targets ? WithTopTargets(file, now) : WithDelegation(role, file, now);
    }

    /// <summary>The same without what only reading it took: for who keeps it until there is something newer.</summary>
    public TrustedSet Settled() => new(this) { Held = Held.Clear(), Rotations = 0 };

    /// <summary>Goes on without a delegation, which is said in <see cref="LeftOut"/>. Whatever hangs from it is left out with it.</summary>
    /// <param name="error">Why, with the role.</param>
    public TrustedSet Without(TufError error) => new(this) { LeftOut = LeftOut.SetItem(error.Role, error) };

    /// <summary>The files that can be taken next; empty when the set is whole.</summary>
    public IReadOnlyList<NeededRole> Needed() =>
        Root is null ? [new NeededRole(RoleNames.Root, null, RoleLimits.RootLength)]
            : Timestamp is null ? [new NeededRole(RoleNames.Timestamp, null, RoleLimits.TimestampLength)]
            : Snapshot is null ? [Need(RoleNames.Snapshot, Timestamp.Content.Snapshot)]
            : Targets is null ? [Need(RoleNames.Targets, Snapshot.Content.Files[RoleNames.Targets])]
            : [.. DelegationWalk.Open(this).Where(d => Snapshot.Content.Files.ContainsKey(d.Name)).Select(d => Need(d.Name, Snapshot.Content.Files[d.Name]))];

    /// <summary>The root that would follow; the server may not have it.</summary>
    public NeededRole NextRoot() => new(RoleNames.Root, null, RoleLimits.RootLength) { Version = (Root?.Content.Version ?? 0) + 1 };

    /// <summary>A file of this name's older metadata that is the needed one, so that it need not be downloaded; null when there is none.</summary>
    public ReadOnlyMemory<byte>? Find(NeededRole needed) =>
        needed.File is not null && Held.TryGetValue(needed.Role, out var file) && needed.File.IsOf(file.Span) ? file : default(ReadOnlyMemory<byte>?);

    /// <summary>Whether there is a file of a role that may be needed again.</summary>
    public bool Holds(string role) => Held.ContainsKey(role);

    private static NeededRole Need(string role, TufFile file) => new(role, file, (int)Math.Min(file.Length, RoleLimits.LengthOf(role)));

    private static TufResult Fail(TufErrorKind kind, string role, string message) => TufResult.Of(new TufError(kind, role, message));

    private TufResult WithTopTargets(ReadOnlyMemory<byte> file, DateTimeOffset now)
    {
        if (!Snapshot!.Content.Files[RoleNames.Targets].IsOf(file.Span))
        {
            return Fail(TufErrorKind.Mismatch, RoleNames.Targets, "it is not the file that the snapshot names");
        }

        var read = Check(RoleNames.Targets, file, Root!.Content.Targets, now, json => RoleReader.Targets(RoleNames.Targets, json));
        return read.Role is not { } targets ? TufResult.Of(read.Error!)
            : TufResult.Of(new TrustedSet(this) { Targets = targets, Floors = Floors.With(RoleNames.Targets, targets.Content.Version, Root.Content.Targets) });
    }

    private TufResult WithDelegation(string role, ReadOnlyMemory<byte> file, DateTimeOffset now)
    {
        if (DelegationWalk.Find(this, role) is not { } delegation)
        {
            return Fail(TufErrorKind.NotListed, role, "nobody that was verified delegates to it");
        }

        if (!Snapshot!.Content.Files.TryGetValue(role, out var named))
        {
            return Fail(TufErrorKind.NotListed, role, "the snapshot does not name it");
        }

        if (named.Length > RoleLimits.TargetsLength)
        {
            return Fail(TufErrorKind.TooLarge, role, $"it has {named.Length} bytes, and at most {RoleLimits.TargetsLength} are read");
        }

        if (!named.IsOf(file.Span))
        {
            return Fail(TufErrorKind.Mismatch, role, "it is not the file that the snapshot names");
        }

        if (Delegations.Count >= RoleLimits.Delegations || RoleNames.Depth(role) > RoleLimits.Depth)
        {
            return Fail(TufErrorKind.TooMany, role, $"at most {RoleLimits.Delegations} delegations are followed, {RoleLimits.Depth} below one another");
        }

        var read = Check(role, file, delegation.Signers, now, json => RoleReader.Targets(role, json));
        return read.Role is not { } signed ? TufResult.Of(read.Error!)
            : TufResult.Of(new TrustedSet(this)
            {
                Delegations = Delegations.SetItem(role, new DelegatedRole(delegation, signed)), LeftOut = LeftOut.Remove(role),
                Floors = Floors.With(role, signed.Content.Version, delegation.Signers),
            });
    }

    private (SignedRole<T>? Role, TufError? Error) Check<T>(string role, ReadOnlyMemory<byte> file, AuthorizedKeys authorized, DateTimeOffset now, RoleCheck.Read<T> read)
        where T : RoleContent =>
        new RoleCheck(_keys, IgnoresExpiry ? null : now).Of(role, file, authorized, Floors.Of(role, authorized), read);

    private TufError? EndOf<T>(string role, SignedRole<T> signed, DateTimeOffset now)
        where T : RoleContent => IgnoresExpiry ? null : RoleCheck.EndOf(role, signed, now);

    /// <summary>What a new timestamp keeps may have expired since it was read.</summary>
    private TufError? EndOfKept(DateTimeOffset now) =>
        (Snapshot is null ? null : EndOf(RoleNames.Snapshot, Snapshot, now)) ?? (Targets is null ? null : EndOf(RoleNames.Targets, Targets, now));

    private TrustedSet After(SignedRole<RootRole> root) => new(this)
    {
        Root = root, Timestamp = null, Snapshot = null, Targets = null, Delegations = Delegations.Clear(), LeftOut = LeftOut.Clear(), Held = FilesHeld(), Rotations = Rotations + 1,
    };

    private TrustedSet After(SignedRole<TimestampRole> timestamp)
    {
        var floors = Floors.With(RoleNames.Timestamp, timestamp.Content.Version, Root!.Content.Timestamp);
        return Snapshot is not null && Timestamp is not null && Timestamp.Content.Snapshot == timestamp.Content.Snapshot
            ? new TrustedSet(this) { Timestamp = timestamp, Floors = floors }
            : new TrustedSet(this) { Timestamp = timestamp, Floors = floors, Snapshot = null, Targets = null, Delegations = Delegations.Clear(), LeftOut = LeftOut.Clear(), Held = FilesHeld() };
    }

    /// <summary>What is here now before what was here earlier.</summary>
    private ImmutableDictionary<string, ReadOnlyMemory<byte>> FilesHeld()
    {
        if (Targets is null)
        {
            return Held;
        }

        var held = Held.Clear().ToBuilder();
        held[RoleNames.Targets] = Targets.File;
        if (Snapshot is not null)
        {
            held[RoleNames.Snapshot] = Snapshot.File;
        }

        held.AddRange(Delegations.Select(d => KeyValuePair.Create(d.Key, d.Value.Signed.File)));
        return held.ToImmutable();
    }
}
