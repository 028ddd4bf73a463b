using System.Text.Json;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>Reads what is signed of each role. That its canonical form exists was checked before.</summary>
internal static class RoleReader
{
    public static RootRole Root(ReadOnlySpan<byte> json)
    {
        var reader = Begin(json);
        var common = new CommonMembers();
        var keys = new Dictionary<string, TufKey>(StringComparer.Ordinal);
        var roles = new Dictionary<string, (IReadOnlyList<string>?, long?)>(StringComparer.Ordinal);
        List<UnknownMember> others = [];
        var isConsistent = false;
        while (MetadataJson.NextMember(ref reader, out var name))
        {
            switch (name)
            {
                case "keys":
                    keys = KeyList.Read(ref reader);
                    break;
                case "roles":
                    roles = ReadRoles(ref reader, json, others);
                    break;
                case "consistent_snapshot":
                    isConsistent = reader.TokenType == JsonTokenType.True;
                    break;
                default:
                    common.Take(name, ref reader, json);
                    break;
            }
        }

        AuthorizedKeys Of(string role) => roles.TryGetValue(role, out var entry) ? KeyList.Authorized(role, entry.Item1, entry.Item2, keys) : throw new MalformedMetadataException($"it lacks the role {role}");
        common.Of("Root");
        AuthorizedKeys[] four = [Of(RoleNames.Root), Of(RoleNames.Targets), Of(RoleNames.Snapshot), Of(RoleNames.Timestamp)];
        return new RootRole
        {
            Version = common.Version!.Value, Expires = common.Expires!.Value, Unknown = common.Unknown, ConsistentSnapshot = isConsistent,
            Root = four[0], Targets = four[1], Snapshot = four[2], Timestamp = four[3], OtherKeys = KeyList.Others(keys, four), OtherRoles = others,
        };
    }

    public static TimestampRole Timestamp(ReadOnlySpan<byte> json)
    {
        var (common, files) = ReadFiles(json, "Timestamp");
        return new TimestampRole { Version = common.Version!.Value, Expires = common.Expires!.Value, Unknown = common.Unknown, Snapshot = Required(files, RoleNames.Snapshot) };
    }

    public static SnapshotRole Snapshot(ReadOnlySpan<byte> json)
    {
        var (common, files) = ReadFiles(json, "Snapshot");
        _ = (Required(files, RoleNames.Root), Required(files, RoleNames.Targets));
        return new SnapshotRole { Version = common.Version!.Value, Expires = common.Expires!.Value, Unknown = common.Unknown, Files = files };
    }

    /// <param name="role">The role: delegations are all of the type of targets, and delegate to what is below them.</param>
    /// <param name="json">What is signed.</param>
    public static TargetsRole Targets(string role, ReadOnlySpan<byte> json)
    {
        var reader = Begin(json);
        var common = new CommonMembers();
        List<TufTarget>? targets = null;
        (IReadOnlyList<Delegation> Delegations, IReadOnlyList<TufKey> OtherKeys, IReadOnlyList<UnknownMember> Unknown) delegations = ([], [], []);
        while (MetadataJson.NextMember(ref reader, out var name))
        {
            switch (name)
            {
                case "targets":
                    targets = ReadTargets(ref reader, ref json);
                    break;
                case "delegations":
                    delegations = DelegationReader.Read(role, ref reader, json);
                    break;
                default:
                    common.Take(name, ref reader, json);
                    break;
            }
        }

        return new TargetsRole
        {
            Version = common.Of("Targets").Version, Expires = common.Expires!.Value, Unknown = common.Unknown,
            Targets = targets ?? throw new MalformedMetadataException("'targets' is missing"), Delegations = delegations.Delegations, OtherKeys = delegations.OtherKeys, UnknownOfDelegations = delegations.Unknown,
        };
    }

    private static TufFile Required(Dictionary<string, TufFile> files, string name) => files.GetValueOrDefault(name) ?? throw new MalformedMetadataException($"it does not name the file of {name}");

    private static Utf8JsonReader Begin(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return reader;
    }

    private static (CommonMembers Common, Dictionary<string, TufFile> Files) ReadFiles(ReadOnlySpan<byte> json, string type)
    {
        var reader = Begin(json);
        var common = new CommonMembers();
        Dictionary<string, TufFile>? files = null;
        while (MetadataJson.NextMember(ref reader, out var name))
        {
            if (name == "meta")
            {
                files = FileList.Read(ref reader);
            }
            else
            {
                common.Take(name, ref reader, json);
            }
        }

        common.Of(type);
        return (common, files ?? throw new MalformedMetadataException("'meta' is missing"));
    }

    /// <param name="reader">Stands at the beginning of the list, and at its end afterwards.</param>
    /// <param name="json">What it reads; it may have less to read afterwards.</param>
    private static List<TufTarget> ReadTargets(ref Utf8JsonReader reader, ref ReadOnlySpan<byte> json)
    {
        MetadataJson.Expect(ref reader, JsonTokenType.StartObject, "'targets'");
        var begin = (int)reader.BytesConsumed;
        if (PlainTargets.Read(json[begin..], out var length) is { } plain)
        {
            json = json[(begin + length)..];
            reader = new Utf8JsonReader(json, isFinalBlock: true, reader.CurrentState);
            reader.Read();
            return plain;
        }

        List<TufTarget> targets = [];
        while (MetadataJson.NextMember(ref reader, out var tag))
        {
            targets.Add(TufTarget.Read(tag, ref reader, json));
        }

        return targets;
    }

    private static Dictionary<string, (IReadOnlyList<string>?, long?)> ReadRoles(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, List<UnknownMember> others)
    {
        MetadataJson.Expect(ref reader, JsonTokenType.StartObject, "'roles'");
        Dictionary<string, (IReadOnlyList<string>?, long?)> roles = new(StringComparer.Ordinal);
        while (MetadataJson.NextMember(ref reader, out var role))
        {
            if (role is RoleNames.Root or RoleNames.Targets or RoleNames.Snapshot or RoleNames.Timestamp)
            {
                roles.Add(role, ReadRole(ref reader));
            }
            else
            {
                others.Add(MetadataJson.Unknown(role, ref reader, json));
            }
        }

        return roles;
    }

    private static (IReadOnlyList<string>? Ids, long? Threshold) ReadRole(ref Utf8JsonReader reader)
    {
        MetadataJson.Expect(ref reader, JsonTokenType.StartObject, "a role");
        (IReadOnlyList<string>? Ids, long? Threshold) entry = (null, null);
        while (MetadataJson.NextMember(ref reader, out var name))
        {
            switch (name)
            {
                case "keyids":
                    entry.Ids = KeyList.ReadIds(ref reader);
                    break;
                case "threshold":
                    entry.Threshold = MetadataJson.Number(ref reader, 1, "'threshold'");
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return entry;
    }
}
