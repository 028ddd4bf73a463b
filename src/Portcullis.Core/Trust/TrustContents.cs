using System.Text.Json;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Core.Trust;

/// <summary>The changes of a plan as what is signed.</summary>
public static class TrustContents
{
    public static RootRole Of(RootChange root) => new()
    {
        Version = root.Version,
        Expires = root.Expires,
        Root = new AuthorizedKeys(root.RootKeys, 1),
        Targets = new AuthorizedKeys(root.TargetsKeys, 1),
        Snapshot = new AuthorizedKeys(root.SnapshotKeys, 1),
        Timestamp = new AuthorizedKeys(root.TimestampKeys, 1),
    };

    /// <param name="role">The change.</param>
    /// <param name="present">What the role says now; null when it says nothing yet.</param>
    /// <param name="keepsUnknown">
    /// Whether members that are not known here stay: a server that signs snapshots loses them, and the role could not be read any more.
    /// </param>
    public static TargetsRole Of(RoleChange role, TargetsRole? present, bool keepsUnknown)
    {
        var before = (present?.Delegations ?? []).DistinctBy(d => d.Name).ToDictionary(d => d.Name, StringComparer.Ordinal);
        return (present ?? new TargetsRole { Version = 0, Expires = role.Expires }) with
        {
            Version = role.Version,
            Expires = role.Expires,
            Unknown = keepsUnknown ? present?.Unknown ?? [] : [],
            UnknownOfDelegations = keepsUnknown ? present?.UnknownOfDelegations ?? [] : [],
            Targets = keepsUnknown ? present?.Targets ?? [] : [.. (present?.Targets ?? []).Select(t => t with { Unknown = [] })],
            Delegations =
            [
                .. role.Delegations.Select(d => new Delegation(d.Name, new AuthorizedKeys(d.Keys, d.Threshold), d.Paths)
                {
                    Unknown = keepsUnknown && before.TryGetValue(d.Name, out var same) ? same.Unknown : [],
                }),
            ],
        };
    }

    /// <param name="snapshot">The change.</param>
    /// <param name="present">The files that it named before; null when there was none.</param>
    /// <param name="files">The files of the update.</param>
    public static SnapshotRole Of(SnapshotChange snapshot, SnapshotRole? present, IReadOnlyDictionary<string, byte[]> files)
    {
        var named = new SortedDictionary<string, TufFile>((present?.Files ?? new Dictionary<string, TufFile>()).ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var (role, file) in files)
        {
            named[role] = TufFile.Of(file);
        }

        return new SnapshotRole { Version = snapshot.Version, Expires = snapshot.Expires, Files = named };
    }

    /// <summary>A root that waits for signatures, from the bytes that are to be signed; null when they are no root.</summary>
    public static PendingRoot? ReadPending(string? content)
    {
        try
        {
            if (content is null || RoleReader.Root(CanonicalWriter.Write(Convert.FromBase64String(content))) is not { } root)
            {
                return null;
            }

            return new PendingRoot(
                new RootChange(root.Version, root.Expires)
                {
                    RootKeys = root.Root.Keys, TargetsKeys = root.Targets.Keys, SnapshotKeys = root.Snapshot.Keys, TimestampKeys = root.Timestamp.Keys, SignWith = [],
                },
                []);
        }
        catch (Exception e) when (e is FormatException or JsonException or MalformedMetadataException or InvalidOperationException)
        {
            return null;
        }
    }
}
