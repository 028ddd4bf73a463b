using System.Text.Json.Nodes;
using Portcullis.Schemas.Structural;

namespace Portcullis.Schemas.Validation;

/// <summary>
/// A kind's schema made ready for use, with CEL rules compiled and patterns built: what the embedded API does to a custom resource on its way in,
/// and what <c>validate</c> reports offline. Values are changed in place by <see cref="ApplyDefaults"/> and <see cref="Prune"/>; all methods are
/// safe to call from several threads on different values.
/// </summary>
public sealed class CompiledSchema
{
    /// <summary>Errors of these kinds keep CEL rules from being evaluated: a rule must not meet a value of another type than declared.</summary>
    private static readonly HashSet<string> Blocking = new(StringComparer.Ordinal)
    {
        "FieldValueNotSupported", "FieldValueRequired", "FieldValueTooLong", "FieldValueTooMany", "FieldValueTypeInvalid",
    };

    private readonly SchemaNode _root;

    private CompiledSchema(StructuralSchema schema, SchemaNode root)
    {
        Schema = schema;
        _root = root;
    }

    public StructuralSchema Schema { get; }

    /// <summary>Null, and the reasons with their paths in the schema, when a pattern or a rule cannot be compiled.</summary>
    public static (CompiledSchema? Schema, IReadOnlyList<FieldError> Errors) Compile(StructuralSchema schema)
    {
        var errors = new List<FieldError>();
        var root = SchemaNode.BuildRoot(schema, "openAPIV3Schema", errors);
        return errors.Count > 0 ? (null, errors) : (new CompiledSchema(schema, root), errors);
    }

    /// <summary>Every violation by <paramref name="value"/>, schema first, then CEL; <paramref name="old"/> serves transition rules.</summary>
    public IReadOnlyList<FieldError> Validate(JsonObject value, JsonObject? old = null)
    {
        var errors = new SchemaValidator("").Validate(_root, value, old, old is not null, "").Errors;
        AddRest(value, old, errors);
        return errors;
    }

    /// <summary>What an update of the status subresource violates: only the status is checked against the schema, then the rules of the whole.</summary>
    public IReadOnlyList<FieldError> ValidateStatus(JsonObject value, JsonObject? old)
    {
        var errors = new List<FieldError>();
        if (value.TryGetPropertyValue("status", out var status) && _root.Member("status") is { } node)
        {
            JsonNode? oldStatus = null;
            var hasOld = old?.TryGetPropertyValue("status", out oldStatus) ?? false;
            errors = new SchemaValidator("status").Validate(node, status, oldStatus, hasOld, "").Errors;
        }

        AddRest(value, old, errors);
        return errors;
    }

    /// <summary>Fills in the schema's defaults.</summary>
    public void ApplyDefaults(JsonObject value) => Defaulting.Apply(value, _root);

    /// <summary>Drops fields the schema does not know and returns their paths.</summary>
    public IReadOnlyList<string> Prune(JsonObject value) => Pruning.Run(value, _root, remove: true);

    /// <summary>The paths <see cref="Prune"/> would drop, leaving the value as it is (strict field validation).</summary>
    public IReadOnlyList<string> UnknownFields(JsonObject value) => Pruning.Run(value, _root, remove: false);

    private void AddRest(JsonObject value, JsonObject? old, List<FieldError> errors)
    {
        if (_root.HasKeyedLists && (old is null || KeyedListErrors(old).Count == 0))
        {
            errors.AddRange(KeyedListErrors(value));
        }

        if (errors.Exists(e => Blocking.Contains(e.Reason)))
        {
            errors.Add(Fault.RulesNotChecked);
        }
        else if (_root.HasRules)
        {
            new RuleEvaluation(errors).Run(_root, value, old);
        }
    }

    private List<FieldError> KeyedListErrors(JsonObject value)
    {
        var errors = new List<FieldError>();
        KeyedLists.Validate(_root, value, "", errors);
        return errors;
    }
}
