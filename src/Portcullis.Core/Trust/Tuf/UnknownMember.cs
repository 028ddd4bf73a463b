namespace Portcullis.Core.Trust.Tuf;

/// <summary>
/// A member of metadata that is not known here. It is signed as the rest is, so that whoever writes the role again keeps it. A Notary server that makes the
/// snapshot itself does not: it hashes what it would have written, without the member, and nobody can read the role any more.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Json">Its value, as it was written.</param>
public sealed record UnknownMember(string Name, byte[] Json);
