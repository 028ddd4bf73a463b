using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Testing.Trust;

/// <summary>
/// The trust data of one name, made for a test: change what it says, and <see cref="Publish"/> makes the files, each signed by the keys that are set for it. What
/// a test wants to be wrong it puts into <see cref="Files"/>, or has signed by other keys.
/// </summary>
public sealed class MadeTrust
{
    public const string UsualGun = "registry.example.com/team/app";

    /// <param name="now">All ends are counted from it.</param>
    /// <param name="gun">For the root's certificate.</param>
    public MadeTrust(DateTimeOffset now, string gun = UsualGun)
    {
        (Now, Gun) = (now, gun);
        var root = MadeKey.Certificate(gun, now);
        Keys = new(StringComparer.Ordinal) { ["root"] = [root], ["targets"] = [MadeKey.Ecdsa()], ["snapshot"] = [MadeKey.Ed25519()], ["timestamp"] = [MadeKey.Ed25519()] };
        Contents = new(StringComparer.Ordinal) { ["targets"] = Empty() };
    }

    public DateTimeOffset Now { get; }

    public string Gun { get; }

    /// <summary>Who signs which role.</summary>
    public Dictionary<string, List<MadeKey>> Keys { get; }

    /// <summary>Beside <see cref="Keys"/>, such as those of the root before.</summary>
    public List<MadeKey> RootSigners { get; } = [];

    public Dictionary<string, int> Thresholds { get; } = new(StringComparer.Ordinal);

    /// <summary>Of root, snapshot and timestamp; 1 when nothing is set.</summary>
    public Dictionary<string, long> Versions { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, DateTimeOffset> Ends { get; } = new(StringComparer.Ordinal);

    /// <summary>What targets and delegations say.</summary>
    public Dictionary<string, TargetsRole> Contents { get; }

    /// <summary>Made by <see cref="Publish"/>, by role.</summary>
    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    public TrustAnchor Anchor => new(Gun, [.. Keys["root"].Select(k => k.Public.CanonicalId)]);

    public static byte[] Sign(RoleContent content, params IEnumerable<MadeKey> keys)
    {
        var signed = content.ToSignedBytes();
        return SignedEnvelope.Write(signed, keys.Select(k => k.Sign(signed)));
    }

    public TargetsRole Empty() => new() { Version = 1, Expires = Now.AddYears(3) };

    public static TufTarget Target(string tag, int content = 1) => new(tag, content, Hash(content));

    public static string Digest(int content = 1) => $"sha256:{Convert.ToHexStringLower(Hash(content))}";

    /// <summary>Adds a tag to a role.</summary>
    public MadeTrust With(string role, params TufTarget[] targets)
    {
        Contents[role] = Contents[role] with { Targets = [.. Contents[role].Targets, .. targets] };
        return this;
    }

    /// <summary>Adds a delegation with a key of its own, that says nothing yet.</summary>
    public MadeTrust Delegate(string role, string[]? paths = null, int threshold = 1, params MadeKey[] keys)
    {
        Keys[role] = [.. keys.Length == 0 ? [MadeKey.Ecdsa()] : keys];
        Contents[role] = Empty();
        var parent = RoleNames.ParentOf(role);
        var delegation = new Delegation(role, new AuthorizedKeys([.. Keys[role].Select(k => k.Public)], threshold), paths ?? [""]);
        Contents[parent] = Contents[parent] with { Delegations = [.. Contents[parent].Delegations, delegation] };
        return this;
    }

    public AuthorizedKeys Authorized(string role) => new([.. Keys[role].Select(k => k.Public)], Thresholds.GetValueOrDefault(role, 1));

    public RootRole RootContent() => new()
    {
        Version = Versions.GetValueOrDefault("root", 1), Expires = EndOf("root", 10), Root = Authorized("root"), Targets = Authorized("targets"),
        Snapshot = Authorized("snapshot"), Timestamp = Authorized("timestamp"),
    };

    /// <summary>Makes all files; a root that says the same stays as it is.</summary>
    public MadeTrust Publish()
    {
        if (!Files.TryGetValue("root", out var root) || !Envelope.Read(root).Message.Span.SequenceEqual(RootContent().ToSignedBytes()))
        {
            Files["root"] = Sign(RootContent(), [.. RootSigners, .. Keys["root"]]);
        }

        foreach (var (role, content) in Contents)
        {
            Files[role] = Sign(content, Keys[role]);
        }

        return Snapshot();
    }

    /// <summary>Makes the snapshot of the files that are there, and the timestamp.</summary>
    public MadeTrust Snapshot()
    {
        var files = Files.Where(f => f.Key is not ("snapshot" or "timestamp")).ToDictionary(f => f.Key, f => TufFile.Of(f.Value));
        Files["snapshot"] = Sign(new SnapshotRole { Version = Versions.GetValueOrDefault("snapshot", 1), Expires = EndOf("snapshot", 3), Files = files }, Keys["snapshot"]);
        return Timestamp();
    }

    public MadeTrust Timestamp()
    {
        Files["timestamp"] = Sign(
            new TimestampRole { Version = Versions.GetValueOrDefault("timestamp", 1), Expires = Ends.GetValueOrDefault("timestamp", Now.AddDays(14)), Snapshot = TufFile.Of(Files["snapshot"]) }, Keys["timestamp"]);
        return this;
    }

    /// <summary>Raises the versions of snapshot and timestamp, as a server does with each update.</summary>
    public MadeTrust Next()
    {
        Versions["snapshot"] = Versions.GetValueOrDefault("snapshot", 1) + 1;
        Versions["timestamp"] = Versions.GetValueOrDefault("timestamp", 1) + 1;
        return this;
    }

    /// <summary>Reads all files into a set, as a reader does; delegations that may be left out are.</summary>
    public (TrustedSet Set, TufError? Error) Load(TrustedSet? set = null, DateTimeOffset? now = null) =>
        Load(Files, set ?? TrustedSet.Begin(Anchor, new VerificationKeys()), now ?? Now);

    public static (TrustedSet Set, TufError? Error) Load(IReadOnlyDictionary<string, byte[]> files, TrustedSet set, DateTimeOffset now)
    {
        var begun = set.WithRoot(files["root"]);
        var next = begun.IsTrusted ? begun.Set.WithTimestamp(files["timestamp"], now) : begun;
        if (!next.IsTrusted)
        {
            return (set, next.Error);
        }

        set = next.Set;
        while (set.Needed() is { Count: > 0 } needed)
        {
            foreach (var need in needed)
            {
                var file = files[need.Role];
                var result = need.Role == RoleNames.Snapshot ? set.WithSnapshot(file, now) : set.WithTargets(need.Role, file, now);
                if (!result.IsTrusted && !result.Error.MayBeLeftOut)
                {
                    return (set, result.Error);
                }

                set = result.Set ?? set.Without(result.Error!);
            }
        }

        return (set, null);
    }

    private static byte[] Hash(int content) => System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(content));

    private DateTimeOffset EndOf(string role, int years) => Ends.GetValueOrDefault(role, Now.AddYears(years));
}
