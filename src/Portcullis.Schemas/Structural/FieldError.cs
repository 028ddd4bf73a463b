namespace Portcullis.Schemas.Structural;

/// <summary>
/// One thing wrong with one field, in the words of Kubernetes (apimachinery field.Error). <see cref="Reason"/> is the cause's
/// machine word (FieldValueInvalid, FieldValueRequired, FieldValueNotSupported, FieldValueTypeInvalid, FieldValueForbidden,
/// FieldValueDuplicate, FieldValueTooLong, FieldValueTooMany, FieldValueNotFound); <see cref="Path"/> is like
/// <c>spec.rules[0].name</c>; <see cref="Message"/> is the cause's message (<c>Invalid value: "x": must be …</c>).
/// </summary>
public sealed record FieldError(string Reason, string Path, string Message)
{
    /// <summary>
    /// The same for the reader of a file, where Kubernetes' text would not help: with the field that the text only mentions, and without
    /// repetition. Null where Kubernetes' text is clear.
    /// </summary>
    public FieldError? ForPeople { get; init; }

    /// <summary>Two errors with the same text from Kubernetes are one.</summary>
    public bool Equals(FieldError? other) => other is not null && Reason == other.Reason && Path == other.Path && Message == other.Message;

    public override int GetHashCode() => HashCode.Combine(Reason, Path, Message);

    /// <summary>How the aggregate message of a 422 names it: <c>path: message</c>.</summary>
    public override string ToString() => $"{Path}: {Message}";
}
