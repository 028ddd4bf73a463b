using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Core.Trust;

/// <summary>A key that may sign for a role, and whose it is.</summary>
/// <param name="Key">The key as it stands in the trust data.</param>
/// <param name="Holder">Who has it: <c>acme/ann</c>, <c>Secret ci-signer</c>, the subject of a certificate.</param>
public sealed record RoleSigner(TufKey Key, string Holder);
