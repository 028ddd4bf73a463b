using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.Schemas.Validation;

/// <summary>
/// kube-openapi's validation, check by check and word by word: a node's own checks run in the order type, allOf/anyOf/oneOf/not, string, format,
/// number, items, enum, members. With an old object, what did not change is not checked again (KEP-4008, ratcheting).
/// </summary>
internal sealed class SchemaValidator(string prefix)
{
    private readonly SchemaErrors _errors = new(prefix);

    public SchemaResult Validate(SchemaNode node, JsonNode? value, JsonNode? old, bool hasOld, string path)
    {
        var result = new SchemaResult();
        if (hasOld && CanonicalJson.AreEqual(value, old))
        {
            return result;
        }

        if (value is null)
        {
            TypeCheck.Run(node, JsonValueKind.Null, null, path, result, _errors);
            Enum(node, null, path, result);
            return result;
        }

        var kind = value.GetValueKind();
        TypeCheck.Run(node, kind, value, path, result, _errors);
        Alternatives(node, value, path, result);
        switch (kind)
        {
            case JsonValueKind.String:
                StringChecks.Run(node, value.GetValue<string>(), path, result, _errors);
                break;
            case JsonValueKind.Number:
                NumberChecks.Run(node, value.AsValue(), path, result, _errors);
                break;
            case JsonValueKind.Array:
                Items(node, (JsonArray)value, old as JsonArray, path, result);
                break;
        }

        Enum(node, value, path, result);
        if (value is JsonObject members)
        {
            Members(node, members, old as JsonObject, path, result);
        }

        result.Matches++;
        return result;
    }

    private void Alternatives(SchemaNode node, JsonNode value, string path, SchemaResult result)
    {
        if (node.AnyOf.Count > 0)
        {
            AnyOf(node, value, path, result);
        }

        if (node.OneOf.Count > 0)
        {
            OneOf(node, value, path, result);
        }

        if (node.AllOf.Count > 0)
        {
            var results = node.AllOf.Select(s => Validate(s, value, null, false, path)).ToList();
            results.ForEach(result.Merge);
            var valid = results.Count(r => r.IsValid);
            if (valid != results.Count)
            {
                _errors.Plain(result, path, $"must validate all the schemas (allOf){(valid == 0 ? ". None validated" : "")}");
            }
        }

        if (node.Not is { } not && Validate(not, value, null, false, path).IsValid)
        {
            _errors.Plain(result, path, "must not validate the schema (not)");
        }

        result.Matches++;
    }

    private void AnyOf(SchemaNode node, JsonNode value, string path, SchemaResult result)
    {
        SchemaResult? best = null;
        foreach (var alternative in node.AnyOf)
        {
            var tried = Validate(alternative, value, null, false, path);
            if (tried.IsValid)
            {
                result.Merge(tried);
                return;
            }

            best = best is null || tried.Matches > best.Matches ? tried : best;
        }

        _errors.Plain(result, path, "must validate at least one schema (anyOf)");
        result.Merge(best!);
    }

    private void OneOf(SchemaNode node, JsonNode value, string path, SchemaResult result)
    {
        SchemaResult? best = null;
        SchemaResult? first = null;
        var valid = 0;
        foreach (var alternative in node.OneOf)
        {
            var tried = Validate(alternative, value, null, false, path);
            if (tried.IsValid)
            {
                valid++;
                first ??= tried;
                best = null;
            }
            else if (valid == 0 && (best is null || tried.Matches > best.Matches))
            {
                best = tried;
            }
        }

        if (valid == 1)
        {
            result.Merge(first!);
            return;
        }

        var found = valid == 0 ? "Found none valid" : Fault.Invariant($"Found {valid} valid alternatives");
        _errors.Plain(result, path, $"must validate one and only one schema (oneOf). {found}");
        if (best is not null)
        {
            result.Merge(best);
        }
    }

    private void Items(SchemaNode node, JsonArray items, JsonArray? old, string path, SchemaResult result)
    {
        var schema = node.Schema;
        if (node.Items is { } itemNode)
        {
            for (var i = 0; i < items.Count; i++)
            {
                var hasOld = Correlation.TryItem(schema, items[i], old, out var oldItem);
                result.Merge(Validate(itemNode, items[i], oldItem, hasOld, FieldPath.Index(path, i)));
            }
        }

        if (schema.MinItems is { } min && items.Count < min)
        {
            _errors.Invalid(result, path, JsonNumber.Create(items.Count), Fault.Invariant($"should have at least {min} items"));
        }

        if (schema.MaxItems is { } max && items.Count > max)
        {
            result.Errors.Add(Fault.TooMany(_errors.At(path), items.Count, max));
        }

        if (schema.UniqueItems && items.Select(CanonicalJson.ToText).Distinct(StringComparer.Ordinal).Count() != items.Count)
        {
            _errors.Invalid(result, path, JsonValue.Create(""), "shouldn't contain duplicates");
        }

        result.Matches++;
    }

    private void Enum(SchemaNode node, JsonNode? value, string path, SchemaResult result)
    {
        var allowed = node.Schema.Enum;
        if (allowed.Count == 0 || (value is not null && allowed.Any(a => a is not null && CanonicalJson.AreEqual(a, value))))
        {
            return;
        }

        result.Errors.Add(Fault.NotSupported(
            _errors.At(path), value, allowed.Select(a => a is JsonValue v && v.GetValueKind() == JsonValueKind.String ? v.GetValue<string>() : CanonicalJson.ToText(a))));
    }

    private void Members(SchemaNode node, JsonObject members, JsonObject? old, string path, SchemaResult result)
    {
        var schema = node.Schema;
        if (schema.MinProperties is { } min && members.Count < min)
        {
            _errors.Invalid(result, path, JsonNumber.Create(members.Count), Fault.Invariant($"should have at least {min} properties"));
        }

        if (schema.MaxProperties is { } max && members.Count > max)
        {
            result.Errors.Add(Fault.TooMany(_errors.At(path), members.Count, max));
        }

        foreach (var (name, value) in members)
        {
            if (node.Member(name) is { } member)
            {
                JsonNode? oldValue = null;
                var hasOld = old?.TryGetPropertyValue(name, out oldValue) ?? false;
                result.Merge(Validate(member, value, oldValue, hasOld, FieldPath.Member(path, name)));
            }
        }

        foreach (var name in schema.Required)
        {
            if (!members.ContainsKey(name))
            {
                result.Errors.Add(Fault.Required(_errors.At(FieldPath.Member(path, name))));
            }
        }
    }
}
