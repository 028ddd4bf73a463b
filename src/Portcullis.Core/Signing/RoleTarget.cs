namespace Portcullis.Core.Signing;

/// <summary>One entry of verified trust data: a role says that a tag is this image, and these keys signed that role's metadata.</summary>
/// <param name="Role">The role, such as <c>targets</c>, <c>targets/releases</c>, <c>targets/ci</c>.</param>
/// <param name="Tag">The tag, as the name of the target.</param>
/// <param name="Digest">The digest of the manifest, as <c>sha256:HEX</c>.</param>
/// <param name="Length">The length of the manifest in bytes.</param>
/// <param name="Signers">
/// The canonical ids of the keys whose signatures of the role's metadata are valid and count towards its threshold: hex SHA-256 of the canonical JSON of
/// the plain public key, also where the role lists an x509 key. In ordinal order, each once.
/// </param>
public sealed record RoleTarget(string Role, string Tag, string Digest, long Length, IReadOnlyList<string> Signers);
