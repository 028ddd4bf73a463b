using System.Text.Json.Serialization;

namespace Portcullis.Core.Access;

/// <summary>As DTR has them: ReadWrite pushes, Admin changes settings and members. Beside these Sign, for who publishes trust data of images that others push. In the order of what they give.</summary>
public enum RepositoryPermission
{
    [JsonStringEnumMemberName("read")]
    Read,

    [JsonStringEnumMemberName("sign")]
    Sign,

    [JsonStringEnumMemberName("readWrite")]
    ReadWrite,

    [JsonStringEnumMemberName("admin")]
    Admin,
}
