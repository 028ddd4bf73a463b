using System.Text.Json.Serialization;

namespace Portcullis.Core.Access;

/// <summary>As DTR has them: ReadWrite pushes, Admin changes settings and members.</summary>
public enum RepositoryPermission
{
    [JsonStringEnumMemberName("read")]
    Read,

    [JsonStringEnumMemberName("readWrite")]
    ReadWrite,

    [JsonStringEnumMemberName("admin")]
    Admin,
}
