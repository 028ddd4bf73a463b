using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Cel;
using Portcullis.Schemas.Structural;

namespace Portcullis.Schemas.Validation;

/// <summary>One entry of <c>x-kubernetes-validations</c>, compiled against the type of the node it stands on.</summary>
internal sealed class CompiledRule
{
    private CompiledRule(ValidationRule rule, CelProgram program, CelProgram? message, string? fieldPath)
    {
        Rule = rule;
        Program = program;
        Message = message;
        FieldPath = fieldPath;
        UsesOldSelf = program.Uses.Contains("oldSelf");
    }

    public ValidationRule Rule { get; }

    public CelProgram Program { get; }

    public CelProgram? Message { get; }

    /// <summary>What is appended to the node's path in errors.</summary>
    public string? FieldPath { get; }

    public bool UsesOldSelf { get; }

    /// <summary>The rule's own words, or its text.</summary>
    public string Name => string.IsNullOrEmpty(Rule.Message) ? Rule.Rule.Trim() : Rule.Message.Trim();

    public string FailureMessage => string.IsNullOrEmpty(Rule.Message) ? $"failed rule: {Rule.Rule.Trim()}" : Rule.Message.Trim();

    /// <summary>Null, with the errors a server reports, when the rule cannot be used here. <paramref name="uncorrelatable"/> is the list above whose old items are not known.</summary>
    public static CompiledRule? Compile(ValidationRule rule, StructuralSchema schema, CelType self, string path, string? uncorrelatable, List<FieldError> errors)
    {
        var old = rule.OptionalOldSelf ? CelType.OptionalOf(self) : self;
        KeyValuePair<string, CelType>[] variables = [new("self", self), new("oldSelf", old)];
        var (program, error) = CelProgram.Compile(rule.Rule, variables);
        if (program is null || program.Type.Kind != CelKind.Bool)
        {
            errors.Add(Wrong($"{path}.rule", rule, program is null ? $"compilation failed: {error}" : "cel expression must evaluate to a bool"));
            return null;
        }

        CelProgram? message = null;
        if (!string.IsNullOrEmpty(rule.MessageExpression))
        {
            (message, error) = CelProgram.Compile(rule.MessageExpression, variables);
            if (message is null || message.Type.Kind != CelKind.String)
            {
                errors.Add(Wrong($"{path}.messageExpression", rule, message is null ? $"messageExpression compilation failed: {error}" : "messageExpression must evaluate to a string"));
                return null;
            }
        }

        var compiled = new CompiledRule(rule, program, message, rule.FieldPath is { Length: > 0 } f ? RuleFieldPath.Resolve(schema, f) : null);
        if (compiled.UsesOldSelf && uncorrelatable is not null)
        {
            errors.Add(Fault.Invalid($"{path}.rule", JsonValue.Create(rule.Rule), $"oldSelf cannot be used on the uncorrelatable portion of the schema within {uncorrelatable}"));
        }
        else if (!compiled.UsesOldSelf && rule.OptionalOldSelf)
        {
            errors.Add(Fault.Invalid($"{path}.optionalOldSelf", JsonValue.Create(true), "may not be set if oldSelf is not used in rule"));
        }

        return compiled;
    }

    /// <summary>The rule as Go prints its own type, in the order of its fields.</summary>
    private static FieldError Wrong(string path, ValidationRule rule, string detail)
    {
        var shown = new JsonObject
        {
            [nameof(rule.Rule)] = rule.Rule,
            [nameof(rule.Message)] = rule.Message ?? "",
            [nameof(rule.MessageExpression)] = rule.MessageExpression ?? "",
            [nameof(rule.Reason)] = rule.Reason,
            [nameof(rule.FieldPath)] = rule.FieldPath ?? "",
            [nameof(rule.OptionalOldSelf)] = rule.OptionalOldSelf ? JsonValue.Create(true) : null,
        };
        var expression = path.EndsWith(".rule", StringComparison.Ordinal) ? rule.Rule : rule.MessageExpression;
        var firstLine = detail.Split('\n')[0].Replace("ERROR: <input>:", "at ", StringComparison.Ordinal);
        return new FieldError("FieldValueInvalid", path, $"Invalid value: {KubernetesJson.ToText(shown)}: {detail}")
        {
            ForPeople = Fault.Invalid(path, JsonValue.Create(expression), firstLine),
        };
    }
}
