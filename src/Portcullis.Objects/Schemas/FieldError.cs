using System.Text.Json.Nodes;

namespace Portcullis.Objects.Schemas;

/// <summary>
/// One thing wrong with one field, in the words of Kubernetes (apimachinery field.Error). <see cref="Reason"/> is the cause's
/// machine word (FieldValueInvalid, FieldValueRequired, FieldValueNotSupported, FieldValueTypeInvalid, FieldValueForbidden,
/// FieldValueDuplicate, FieldValueTooLong, FieldValueTooMany, FieldValueNotFound); <see cref="Path"/> is like
/// <c>spec.rules[0].name</c>; <see cref="Message"/> is the cause's message (<c>Invalid value: "x": must be …</c>).
/// </summary>
public sealed record FieldError(string Reason, string Path, string Message)
{
    /// <summary>
    /// The same for the reader of a file, where Kubernetes' words would not help: with the field that they bury in their text, and each thing
    /// said once. Null where they do.
    /// </summary>
    public FieldError? ForPeople { get; init; }

    /// <summary>Two errors of which Kubernetes says the same are one.</summary>
    public bool Equals(FieldError? other) => other is not null && Reason == other.Reason && Path == other.Path && Message == other.Message;

    public override int GetHashCode() => HashCode.Combine(Reason, Path, Message);

    /// <summary>How the aggregate message of a 422 names it: <c>path: message</c>.</summary>
    public override string ToString() => $"{Path}: {Message}";
}

/// <summary>
/// A kind's schema made ready for use: CEL rules compiled, patterns built. Values are changed in place by <see cref="ApplyDefaults"/>
/// and <see cref="Prune"/>; all methods are safe to call from several threads on different values.
/// </summary>
public interface ICompiledSchema
{
    StructuralSchema Schema { get; }

    /// <summary>Every violation by <paramref name="value"/>, schema first, then CEL; <paramref name="old"/> serves transition rules.</summary>
    IReadOnlyList<FieldError> Validate(JsonObject value, JsonObject? old = null);

    /// <summary>What an update of the status subresource violates: only the status is checked against the schema, then the rules of the whole.</summary>
    IReadOnlyList<FieldError> ValidateStatus(JsonObject value, JsonObject? old);

    /// <summary>Fills in the schema's defaults.</summary>
    void ApplyDefaults(JsonObject value);

    /// <summary>Drops fields the schema does not know and returns their paths.</summary>
    IReadOnlyList<string> Prune(JsonObject value);

    /// <summary>The paths <see cref="Prune"/> would drop, leaving the value as it is (strict field validation).</summary>
    IReadOnlyList<string> UnknownFields(JsonObject value);
}
