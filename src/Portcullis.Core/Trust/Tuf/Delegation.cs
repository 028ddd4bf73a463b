using System.Text.Json;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>Leave for others to sign some tags.</summary>
/// <param name="Name">The role, <c>targets/…</c>.</param>
/// <param name="Signers">Who signs it. Without a key nobody does.</param>
/// <param name="Paths">What the names of its tags begin with; one empty one is all of them, none is none.</param>
public sealed record Delegation(string Name, AuthorizedKeys Signers, IReadOnlyList<string> Paths)
{
    public IReadOnlyList<UnknownMember> Unknown { get; init; } = [];

    /// <summary>Whether a tag is one that it may name.</summary>
    public bool Covers(string tag) => Paths.Any(p => tag.StartsWith(p, StringComparison.Ordinal));

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        KeyList.WriteAuthorized(json, Signers);
        json.WriteString("name", Name);

        // Go leaves an empty list out. A server that makes the snapshot writes the role again in its own way, and hashes that.
        if (Paths.Count > 0)
        {
            json.WriteStartArray("paths");
            foreach (var path in Paths)
            {
                json.WriteStringValue(path);
            }

            json.WriteEndArray();
        }

        RoleContent.WriteUnknown(json, Unknown);
        json.WriteEndObject();
    }
}
