using System.Text.Json;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>The newest file of every role but itself and the timestamp, so that old and new ones are never mixed.</summary>
public sealed record SnapshotRole : RoleContent
{
    /// <summary>By the names of roles; <c>root</c> and <c>targets</c> are always there.</summary>
    public required IReadOnlyDictionary<string, TufFile> Files { get; init; }

    internal override string Type => "Snapshot";

    internal override void Write(Utf8JsonWriter json) => FileList.Write(json, Files);
}
