using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;
using Portcullis.Schemas.Validation;

namespace Portcullis.Schemas.Crds;

/// <summary>The checks of <c>x-kubernetes-validations</c> that need no compiled rule.</summary>
internal static class RuleTexts
{
    private const string Keyword = "x-kubernetes-validations";
    private static readonly string[] Reasons = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

    public static void Check(JsonObject schema, string path, List<FieldError> errors)
    {
        var rules = schema.Array(Keyword) ?? [];
        for (var i = 0; i < rules.Count; i++)
        {
            if (rules[i] is JsonObject rule)
            {
                Check(ValidationRule.Parse(rule), schema, Fault.Invariant($"{path}.{Keyword}[{i}]"), errors);
            }
        }
    }

    private static void Check(ValidationRule rule, JsonObject schema, string path, List<FieldError> errors)
    {
        var text = rule.Rule.Trim();
        var message = rule.Message?.Trim() ?? "";
        if (text.Length == 0)
        {
            errors.Add(Fault.Required($"{path}.rule", "rule is not specified"));
        }
        else if (rule.Message is { Length: > 0 } && message.Length == 0)
        {
            errors.Add(Fault.Invalid($"{path}.message", JsonValue.Create(rule.Message), "must be non-empty if specified"));
        }
        else if (HasNewlines(message))
        {
            errors.Add(Fault.Invalid($"{path}.message", JsonValue.Create(rule.Message), "must not contain line breaks"));
        }
        else if (HasNewlines(text) && message.Length == 0)
        {
            errors.Add(Fault.Required($"{path}.message", "message must be specified if rule contains line breaks"));
        }

        if (rule.MessageExpression is { Length: > 0 } expression && expression.Trim().Length == 0)
        {
            errors.Add(Fault.Required($"{path}.messageExpression", "messageExpression must be non-empty if specified"));
        }

        if (rule.Reason is { } reason && !Reasons.Contains(reason))
        {
            errors.Add(Fault.NotSupported($"{path}.reason", JsonValue.Create(reason), Reasons));
        }

        if (rule.FieldPath is { Length: > 0 } fieldPath)
        {
            if (fieldPath.Trim().Length == 0)
            {
                errors.Add(Fault.Invalid($"{path}.fieldPath", JsonValue.Create(fieldPath), "must be non-empty if specified"));
            }

            if (HasNewlines(fieldPath))
            {
                errors.Add(Fault.Invalid($"{path}.fieldPath", JsonValue.Create(fieldPath), "must not contain line breaks"));
            }

            if (RuleFieldPath.Resolve(StructuralSchema.Parse(schema), fieldPath) is null)
            {
                errors.Add(Fault.Invalid($"{path}.fieldPath", JsonValue.Create(fieldPath), "must be a valid path"));
            }
        }
    }

    private static bool HasNewlines(string text) => text.AsSpan().ContainsAny('\n', '\r');
}
