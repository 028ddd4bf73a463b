using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Cel;
using Portcullis.Schemas.Structural;

namespace Portcullis.Schemas.Validation;

/// <summary>
/// Runs the rules of a schema over a value: a node's own, then those below (apiextensions cel/validation.go). Transition rules (<c>oldSelf</c>) run only where
/// there is an old value; an error about what did not change is not raised again. One budget serves the whole object.
/// </summary>
internal sealed class RuleEvaluation(List<FieldError> errors)
{
    /// <summary>celconfig.RuntimeCELCostBudget.</summary>
    private const long Budget = 10_000_000;
    private const int MaxMessage = 5 * 1024;
    private long _remaining = Budget;

    /// <summary>A place whose old value is known; equality is computed when an error needs it.</summary>
    private sealed class Correlated(JsonNode? value, JsonNode? old)
    {
        private bool? _unchanged;

        public bool Unchanged => _unchanged ??= CanonicalJson.AreEqual(value, old);
    }

    private readonly record struct Place(string Path, JsonNode? Old, Correlated? Current, Correlated? Nearest);

    public void Run(SchemaNode root, JsonObject value, JsonObject? old) =>
        Walk(root, value, new Place("", old, old is null ? null : new Correlated(value, old), null));

    private void Walk(SchemaNode node, JsonNode? value, Place place)
    {
        if (value is null || !node.HasRules || _remaining < 0)
        {
            return;
        }

        if (node.Rules.Count > 0)
        {
            Evaluate(node, value, place);
        }

        if (value is JsonObject o)
        {
            foreach (var (name, member) in o)
            {
                if (node.Member(name) is { HasRules: true } below)
                {
                    var path = node.Properties.ContainsKey(name) ? (place.Path.Length == 0 ? name : $"{place.Path}.{name}") : $"{place.Path}[{name}]";
                    JsonNode? old = null;
                    var hasOld = place.Old is JsonObject oldObject && oldObject.TryGetPropertyValue(name, out old);
                    Walk(below, member, Below(place, path, member, old, hasOld));
                }
            }
        }
        else if (value is JsonArray items && node.Items is { HasRules: true } itemNode)
        {
            for (var i = 0; i < items.Count; i++)
            {
                var hasOld = Correlation.TryItem(node.Schema, items[i], place.Old as JsonArray, out var old);
                Walk(itemNode, items[i], Below(place, Fault.Invariant($"{place.Path}[{i}]"), items[i], old, hasOld));
            }
        }
    }

    private static Place Below(Place above, string path, JsonNode? value, JsonNode? old, bool hasOld) =>
        new(path, old, hasOld ? new Correlated(value, old) : null, above.Current ?? above.Nearest);

    private void Evaluate(SchemaNode node, JsonNode value, Place place)
    {
        var self = CelJson.ToValue(value, node.SelfType!);
        var oldSelf = place.Old is null ? CelEvaluator.Absent : CelJson.ToValue(place.Old, node.SelfType!);
        foreach (var rule in node.Rules)
        {
            if (rule.UsesOldSelf && place.Old is null && !rule.Rule.OptionalOldSelf)
            {
                continue;
            }

            object? old = !rule.Rule.OptionalOldSelf ? oldSelf : place.Old is null ? CelOptional.None : new CelOptional(oldSelf);
            var (verdict, cost) = rule.Program.Run([self, old], CelProgram.PerCallLimit);
            _remaining -= cost;
            if (_remaining < 0)
            {
                Error(node, place, "validation failed due to running out of cost budget, no further validation rules will be run");
                return;
            }

            if (verdict is CelFault fault)
            {
                Error(node, place, fault.Message switch
                {
                    var m when m.StartsWith("no such overload", StringComparison.Ordinal) => $"'{m}': call arguments did not match a supported operator, function or macro signature for rule: {rule.Name}",
                    var m when cost > CelProgram.PerCallLimit => $"'{m}': no further validation rules will be run due to call cost exceeds limit for rule: {rule.Name}",
                    var m => $"{m} evaluating rule: {rule.Name}",
                });
            }
            else if (verdict is not true && (rule.UsesOldSelf || (place.Current ?? place.Nearest) is not { Unchanged: true }))
            {
                errors.Add(Failure(node, rule, value, place, [self, old]));
            }
        }
    }

    private void Error(SchemaNode node, Place place, string message) =>
        errors.Add(Fault.Invalid(At(place.Path), JsonValue.Create(node.Schema.Type ?? ""), message));

    private static string At(string path) => path.Length == 0 ? Fault.NoPath : path;

    private FieldError Failure(SchemaNode node, CompiledRule rule, JsonNode value, Place place, ReadOnlySpan<object?> variables)
    {
        var detail = Message(rule, variables) ?? rule.FailureMessage;
        var path = At((place.Path + rule.FieldPath).TrimStart('.'));
        var hidden = node.Schema.Type is "object" or "array";
        return rule.Rule.Reason switch
        {
            "FieldValueForbidden" => Fault.Forbidden(path, detail),
            "FieldValueRequired" => Fault.Required(path, detail),
            "FieldValueDuplicate" => hidden ? new FieldError("FieldValueDuplicate", path, "Duplicate value") : Fault.Duplicate(path, value),
            _ => hidden ? Fault.InvalidUnshown(path, detail) : Fault.Invalid(path, value, detail),
        };
    }

    private string? Message(CompiledRule rule, ReadOnlySpan<object?> variables)
    {
        if (rule.Message is null)
        {
            return null;
        }

        var (value, cost) = rule.Message.Run(variables, CelProgram.PerCallLimit);
        _remaining -= cost;
        var text = (value as string)?.Trim();
        return string.IsNullOrEmpty(text) || text.Length > MaxMessage || text.Contains('\n', StringComparison.Ordinal) ? null : text;
    }
}
