using System.Text.Json;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>Which keys sign which role.</summary>
public sealed record RootRole : RoleContent
{
    public required AuthorizedKeys Root { get; init; }

    public required AuthorizedKeys Targets { get; init; }

    public required AuthorizedKeys Snapshot { get; init; }

    public required AuthorizedKeys Timestamp { get; init; }

    /// <summary>Notary writes false, and serves files by their hashes all the same.</summary>
    public bool ConsistentSnapshot { get; init; }

    /// <summary>Keys that are listed and that no role has, such as the one before a rotation.</summary>
    public IReadOnlyList<TufKey> OtherKeys { get; init; } = [];

    /// <summary>Other roles than the four, as they are written.</summary>
    public IReadOnlyList<UnknownMember> OtherRoles { get; init; } = [];

    public override IEnumerable<string> UnknownNames => base.UnknownNames.Concat(Names("roles.", OtherRoles));

    internal override string Type => "Root";

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteBoolean("consistent_snapshot", ConsistentSnapshot);
        json.WritePropertyName("keys");
        KeyList.Write(json, [.. Root.Keys, .. Targets.Keys, .. Snapshot.Keys, .. Timestamp.Keys, .. OtherKeys]);
        json.WriteStartObject("roles");
        foreach (var (name, keys) in new[] { (RoleNames.Root, Root), (RoleNames.Targets, Targets), (RoleNames.Snapshot, Snapshot), (RoleNames.Timestamp, Timestamp) })
        {
            json.WriteStartObject(name);
            KeyList.WriteAuthorized(json, keys);
            json.WriteEndObject();
        }

        WriteUnknown(json, OtherRoles);
        json.WriteEndObject();
    }
}
