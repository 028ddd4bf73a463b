namespace Portcullis.Core.Trust.Tuf;

/// <summary>Metadata are not written as they must be. Caught where they are read, and reported as <see cref="TufErrorKind.Malformed"/> or the kind that it carries.</summary>
internal sealed class MalformedMetadataException(string message, TufErrorKind kind = TufErrorKind.Malformed) : Exception(message)
{
    public TufErrorKind Kind => kind;
}
