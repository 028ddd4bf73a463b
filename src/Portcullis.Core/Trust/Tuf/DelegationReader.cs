using System.Text.Json;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>Reads <c>delegations</c> of a role: <c>{keys, roles: [{keyids, name, paths, threshold}]}</c>.</summary>
internal static class DelegationReader
{
    /// <summary>A delegation before its keys are known, which may be listed after it.</summary>
    private sealed record Entry(string Name, IReadOnlyList<string>? KeyIds, long? Threshold, IReadOnlyList<string> Paths, IReadOnlyList<UnknownMember> Unknown);

    public static (IReadOnlyList<Delegation> Delegations, IReadOnlyList<TufKey> OtherKeys, IReadOnlyList<UnknownMember> Unknown) Read(string parent, ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        MetadataJson.Expect(ref reader, JsonTokenType.StartObject, "'delegations'");
        Dictionary<string, TufKey>? keys = null;
        List<Entry> entries = [];
        List<UnknownMember> unknown = [];
        while (MetadataJson.NextMember(ref reader, out var name))
        {
            switch (name)
            {
                case "keys":
                    keys = KeyList.Read(ref reader);
                    break;
                case "roles":
                    entries = ReadEntries(parent, ref reader, json);
                    break;
                default:
                    unknown.Add(MetadataJson.Unknown(name, ref reader, json));
                    break;
            }
        }

        keys ??= new(StringComparer.Ordinal);
        List<Delegation> delegations = [.. entries.Select(e => new Delegation(e.Name, KeyList.Authorized(e.Name, e.KeyIds, e.Threshold, keys), e.Paths) { Unknown = e.Unknown })];
        return (delegations, KeyList.Others(keys, delegations.Select(d => d.Signers)), unknown);
    }

    private static List<Entry> ReadEntries(string parent, ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        MetadataJson.Expect(ref reader, JsonTokenType.StartArray, "'roles'");
        List<Entry> entries = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        while (MetadataJson.NextElement(ref reader))
        {
            var entry = ReadEntry(ref reader, json);
            if (!RoleNames.IsDelegation(entry.Name) || RoleNames.ParentOf(entry.Name) != parent)
            {
                throw new MalformedMetadataException($"it delegates to '{entry.Name}', which is no role directly below it");
            }

            entries.Add(names.Add(entry.Name) ? entry : throw new MalformedMetadataException($"it delegates to {entry.Name} twice"));
        }

        return entries;
    }

    private static Entry ReadEntry(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        MetadataJson.Expect(ref reader, JsonTokenType.StartObject, "a delegation");
        var entry = new Entry("", null, null, [], []);
        while (MetadataJson.NextMember(ref reader, out var name))
        {
            entry = name switch
            {
                "name" => entry with { Name = MetadataJson.Text(ref reader, "the name of a delegation") },
                "keyids" => entry with { KeyIds = KeyList.ReadIds(ref reader) },
                "threshold" => entry with { Threshold = MetadataJson.Number(ref reader, 1, "'threshold'") },
                "paths" => entry with { Paths = reader.TokenType == JsonTokenType.Null ? [] : KeyList.ReadTexts(ref reader, "'paths'") },
                _ => entry with { Unknown = [.. entry.Unknown, MetadataJson.Unknown(name, ref reader, json)] },
            };
        }

        return entry;
    }
}
