using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Schemas.Structural;

/// <summary>One entry of <c>x-kubernetes-validations</c>, not yet compiled.</summary>
public sealed record ValidationRule(string Rule)
{
    public string? Message { get; init; }

    public string? MessageExpression { get; init; }

    /// <summary>FieldValueInvalid (the default), FieldValueForbidden, FieldValueRequired or FieldValueDuplicate.</summary>
    public string? Reason { get; init; }

    public string? FieldPath { get; init; }

    public bool OptionalOldSelf { get; init; }

    public static ValidationRule Parse(JsonObject o) => new(o.String("rule") ?? "")
    {
        Message = o.String("message"),
        MessageExpression = o.String("messageExpression"),
        Reason = o.String("reason"),
        FieldPath = o.String("fieldPath"),
        OptionalOldSelf = o["optionalOldSelf"] is JsonValue value && value.TryGetValue(out bool flag) && flag,
    };
}
