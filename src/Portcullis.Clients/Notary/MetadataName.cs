using System.Globalization;

namespace Portcullis.Clients.Notary;

/// <summary>Which file of a role is asked for: the present one, the one of a version, or the one of a checksum.</summary>
public sealed record MetadataName
{
    private MetadataName(string role, long? version, string? checksum) => (Role, Version, Checksum) = (role, version, checksum);

    /// <summary>Such as <c>root</c> or <c>targets/releases</c>.</summary>
    public string Role { get; }

    public long? Version { get; }

    /// <summary>The SHA-256 of the file in lower-case hexadecimal digits.</summary>
    public string? Checksum { get; }

    public static MetadataName Latest(string role) => new(role, null, null);

    public static MetadataName OfVersion(string role, long version) => new(role, version, null);

    public static MetadataName OfChecksum(string role, string checksum) => new(role, null, checksum);

    /// <summary>As the server's paths have it.</summary>
    public override string ToString() =>
        Checksum is not null ? $"{Role}.{Checksum}.json"
        : Version is { } version ? string.Create(CultureInfo.InvariantCulture, $"{version}.{Role}.json")
        : $"{Role}.json";
}
