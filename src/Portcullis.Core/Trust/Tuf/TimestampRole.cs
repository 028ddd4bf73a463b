using System.Text.Json;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>Which snapshot is the newest. Short-lived, so that nobody can go on serving an old one.</summary>
public sealed record TimestampRole : RoleContent
{
    public required TufFile Snapshot { get; init; }

    internal override string Type => "Timestamp";

    internal override void Write(Utf8JsonWriter json) => FileList.Write(json, [KeyValuePair.Create(RoleNames.Snapshot, Snapshot)]);
}
