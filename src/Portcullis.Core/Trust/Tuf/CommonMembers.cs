using System.Text.Json;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>The members that every role has, and those that none has.</summary>
internal sealed class CommonMembers
{
    private readonly List<UnknownMember> _unknown = [];
    private string? _type;

    public long? Version { get; private set; }

    public DateTimeOffset? Expires { get; private set; }

    public IReadOnlyList<UnknownMember> Unknown => _unknown;

    public void Take(string name, ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        switch (name)
        {
            case "_type":
                _type = MetadataJson.Text(ref reader, "'_type'");
                break;
            case "version":
                Version = MetadataJson.Number(ref reader, 1, "'version'");
                break;
            case "expires":
                Expires = MetadataJson.Time(ref reader, "'expires'");
                break;
            default:
                _unknown.Add(MetadataJson.Unknown(name, ref reader, json));
                break;
        }
    }

    /// <exception cref="MalformedMetadataException">A member is missing, or it is of another type.</exception>
    public (long Version, DateTimeOffset Expires) Of(string type) =>
        _type != type ? throw new MalformedMetadataException($"it is of the type '{_type}', not '{type}'", TufErrorKind.WrongRole)
        : Version is null || Expires is null ? throw new MalformedMetadataException("'version' or 'expires' is missing")
        : (Version.Value, Expires.Value);
}
