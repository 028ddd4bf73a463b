using System.Text.Json;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>What a role says, without the signatures.</summary>
public abstract record RoleContent
{
    /// <summary>From 1; each new one is higher.</summary>
    public required long Version { get; init; }

    /// <summary>Until when it counts.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Members that are not known here.</summary>
    public IReadOnlyList<UnknownMember> Unknown { get; init; } = [];

    /// <summary><c>_type</c>.</summary>
    internal abstract string Type { get; }

    /// <summary>The members of it and of its parts that are not known here (see <see cref="UnknownMember"/>), with the part that has each: <c>note</c>, <c>delegations.note</c>.</summary>
    public virtual IEnumerable<string> UnknownNames => Names("", Unknown);

    /// <summary>The bytes that are signed: canonical JSON. The end is given in whole seconds.</summary>
    public byte[] ToSignedBytes()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("_type", Type);
            json.WriteString("expires", Expires.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
            json.WriteNumber("version", Version);
            Write(json);
            WriteUnknown(json, Unknown);
            json.WriteEndObject();
        }

        return CanonicalWriter.Write(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    /// <summary>Everything but the members of every role.</summary>
    internal abstract void Write(Utf8JsonWriter json);

    private protected static IEnumerable<string> Names(string part, IReadOnlyList<UnknownMember> unknown) => unknown.Select(u => part + u.Name);

    internal static void WriteUnknown(Utf8JsonWriter json, IReadOnlyList<UnknownMember> unknown)
    {
        foreach (var member in unknown)
        {
            json.WritePropertyName(member.Name);
            json.WriteRawValue(member.Json, skipInputValidation: true);
        }
    }
}
