namespace Portcullis.Core.Trust.Tuf;

/// <summary>One signature of metadata.</summary>
/// <param name="KeyId">The id of the key, as the role lists it.</param>
/// <param name="Method">How it was made: one of <see cref="SignatureMethod"/>.</param>
/// <param name="Value">Its bytes.</param>
public sealed record TufSignature(string KeyId, string Method, byte[] Value);
