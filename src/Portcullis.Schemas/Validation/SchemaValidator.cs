using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.Schemas.Validation;

/// <summary>
/// kube-openapi's validation, check by check and word by word: a node's own checks run in the order type, allOf/anyOf/oneOf/not, string, format,
/// number, items, enum, members. With an old object, what did not change is not checked again (KEP-4008, ratcheting).
/// <paramref name="prefix"/> stands before every path but not in messages, as when the status alone is validated.
/// </summary>
internal sealed class SchemaValidator(string prefix)
{
    private const string Body = "in body";

    public SchemaResult Validate(SchemaNode node, JsonNode? value, JsonNode? old, bool hasOld, string path)
    {
        var result = new SchemaResult();
        if (hasOld && CanonicalJson.AreEqual(value, old))
        {
            return result;
        }

        if (value is null)
        {
            Type(node, JsonValueKind.Null, null, path, result);
            Enum(node, null, path, result);
            return result;
        }

        var kind = value.GetValueKind();
        Type(node, kind, value, path, result);
        Alternatives(node, value, path, result);
        switch (kind)
        {
            case JsonValueKind.String:
                String(node, value.GetValue<string>(), path, result);
                break;
            case JsonValueKind.Number:
                Number(node, value.AsValue(), path, result);
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

    private static string JsonType(JsonValueKind kind, JsonNode? value) => kind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => JsonNumber.TryInt64(value, out _) ? "integer" : "number",
        _ => "boolean",
    };

    private void Type(SchemaNode node, JsonValueKind kind, JsonNode? value, string path, SchemaResult result)
    {
        if (node.Types.Count == 0 && node.Format is null)
        {
            return;
        }

        var type = JsonType(kind, value);
        var fits = kind == JsonValueKind.Null
            ? node.Types.Count == 0 || node.Schema.Nullable
            : node.Types.Contains(type) || (type == "integer" && node.Types.Contains("number"))
                || (type == "number" && node.Types.Contains("integer") && JsonNumber.TryDouble(value, out var number) && number == Math.Floor(number));
        if (fits || (kind is JsonValueKind.String or JsonValueKind.Array && node.Format is not null && !node.Types.Contains("integer") && !node.Types.Contains("number")))
        {
            result.Matches++;
            return;
        }

        // A value that is not a text where a format is declared gets an error with the format, and its own format as its type.
        var (wanted, found) = node.Format is { } format && kind is not (JsonValueKind.String or JsonValueKind.Array or JsonValueKind.Null)
            ? (format, type switch { "integer" => "int64", "number" => "float64", _ => "" })
            : (node.TypeNames, type);
        var quotes = wanted == "string" && kind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False ? "; put it in quotes" : "";
        result.Errors.Add(Fault.TypeInvalid(At(path), JsonValue.Create(found), $"{path} {Body} must be of type {wanted}: {GoText.Quote(found)}") with
        {
            ForPeople = new FieldError("FieldValueTypeInvalid", At(path), $"must be of type {wanted}, not {type}{quotes}"),
        });
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
                Plain(result, path, $"must validate all the schemas (allOf){(valid == 0 ? ". None validated" : "")}");
            }
        }

        if (node.Not is { } not && Validate(not, value, null, false, path).IsValid)
        {
            Plain(result, path, "must not validate the schema (not)");
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

        Plain(result, path, "must validate at least one schema (anyOf)");
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
        Plain(result, path, $"must validate one and only one schema (oneOf). {found}");
        if (best is not null)
        {
            result.Merge(best);
        }
    }

    private void String(SchemaNode node, string text, string path, SchemaResult result)
    {
        var schema = node.Schema;
        if (schema.MaxLength is not null || schema.MinLength is not null)
        {
            var length = Runes(text);
            if (schema.MaxLength is { } max && length > max)
            {
                result.Errors.Add(Fault.TooLong(At(path), max));
                Format(node, text, path, result);
                return;
            }

            if (schema.MinLength is { } min && length < min)
            {
                Invalid(result, path, JsonValue.Create(text), Fault.Invariant($"should be at least {min} chars long"));
                Format(node, text, path, result);
                return;
            }
        }

        if (node.Pattern is { } pattern && !pattern.IsMatch(text))
        {
            Invalid(result, path, JsonValue.Create(text), $"should match '{schema.Pattern}'");
        }
        else
        {
            result.Matches++;
        }

        Format(node, text, path, result);
    }

    private void Format(SchemaNode node, string text, string path, SchemaResult result)
    {
        if (node.Format is { } format && Formats.IsStringFormat(format) && !Formats.Matches(format, text))
        {
            result.Errors.Add(Fault.TypeInvalid(At(path), JsonValue.Create(text), $"{path} {Body} must be of type {format}: {GoText.Quote(text)}") with
            {
                ForPeople = Fault.TypeInvalid(At(path), JsonValue.Create(text), $"must be of type {format}"),
            });
        }
    }

    private void Number(SchemaNode node, JsonValue value, string path, SchemaResult result)
    {
        var schema = node.Schema;
        var isWhole = JsonNumber.TryInt64(value, out var whole);
        _ = JsonNumber.TryDouble(value, out var number);
        if (node.Types is ["integer"] && ((node.Format == "int32" && number is < int.MinValue or > int.MaxValue) || (!isWhole && Math.Abs(number) >= 9.3e18)))
        {
            var wanted = $"must be of type integer {(node.Format is { } f ? $"with format {f}" : "(default format)")}";
            result.Errors.Add(Unplaced($"Checked value {wanted} in {path}") with { ForPeople = Fault.Invalid(At(path), value, wanted) });
        }

        if (schema.MultipleOf is { } factor && !IsMultiple(isWhole, whole, number, factor))
        {
            Invalid(result, path, value, $"should be a multiple of {Bound(isWhole, factor)}");
        }

        if (schema.Minimum is { } min && (schema.ExclusiveMinimum ? Compare(isWhole, whole, number, min) <= 0 : Compare(isWhole, whole, number, min) < 0))
        {
            Invalid(result, path, value, $"should be greater than {(schema.ExclusiveMinimum ? "" : "or equal to ")}{Bound(isWhole, min)}");
        }

        if (schema.Maximum is { } max && (schema.ExclusiveMaximum ? Compare(isWhole, whole, number, max) >= 0 : Compare(isWhole, whole, number, max) > 0))
        {
            Invalid(result, path, value, $"should be less than {(schema.ExclusiveMaximum ? "" : "or equal to ")}{Bound(isWhole, max)}");
        }

        result.Matches++;
    }

    private static int Compare(bool isWhole, long whole, double number, double bound) =>
        isWhole ? whole.CompareTo((long)bound) : number.CompareTo(bound);

    private static string Bound(bool isWhole, double bound) => isWhole && bound == Math.Floor(bound) ? Fault.Invariant($"{(long)bound}") : GoText.Float(bound);

    private static bool IsMultiple(bool isWhole, long whole, double number, double factor)
    {
        if (isWhole && factor >= 1 && factor == Math.Floor(factor))
        {
            return whole % (long)factor == 0;
        }

        var quotient = factor < 1 ? 1 / factor * number : number / factor;
        return Math.Abs(quotient - Math.Round(quotient)) < 1e-9 * Math.Max(1, Math.Abs(quotient));
    }

    private void Items(SchemaNode node, JsonArray items, JsonArray? old, string path, SchemaResult result)
    {
        var schema = node.Schema;
        if (node.Items is { } itemNode)
        {
            for (var i = 0; i < items.Count; i++)
            {
                var hasOld = Correlation.TryItem(schema, items[i], old, out var oldItem);
                result.Merge(Validate(itemNode, items[i], oldItem, hasOld, Fault.Invariant($"{path}[{i}]")));
            }
        }

        if (schema.MinItems is { } min && items.Count < min)
        {
            Invalid(result, path, JsonNumber.Create(items.Count), Fault.Invariant($"should have at least {min} items"));
        }

        if (schema.MaxItems is { } max && items.Count > max)
        {
            result.Errors.Add(Fault.TooMany(At(path), items.Count, max));
        }

        if (schema.UniqueItems && items.Select(CanonicalJson.ToText).Distinct(StringComparer.Ordinal).Count() != items.Count)
        {
            Invalid(result, path, JsonValue.Create(""), "shouldn't contain duplicates");
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
            At(path), value, allowed.Select(a => a is JsonValue v && v.GetValueKind() == JsonValueKind.String ? v.GetValue<string>() : CanonicalJson.ToText(a))));
    }

    private void Members(SchemaNode node, JsonObject members, JsonObject? old, string path, SchemaResult result)
    {
        var schema = node.Schema;
        if (schema.MinProperties is { } min && members.Count < min)
        {
            Invalid(result, path, JsonNumber.Create(members.Count), Fault.Invariant($"should have at least {min} properties"));
        }

        if (schema.MaxProperties is { } max && members.Count > max)
        {
            result.Errors.Add(Fault.TooMany(At(path), members.Count, max));
        }

        foreach (var (name, value) in members)
        {
            if (node.Member(name) is { } member)
            {
                JsonNode? oldValue = null;
                var hasOld = old?.TryGetPropertyValue(name, out oldValue) ?? false;
                result.Merge(Validate(member, value, oldValue, hasOld, path.Length == 0 ? name : $"{path}.{name}"));
            }
        }

        foreach (var name in schema.Required)
        {
            if (!members.ContainsKey(name))
            {
                result.Errors.Add(Fault.Required(At(path.Length == 0 ? name : $"{path}.{name}")));
            }
        }
    }

    private string At(string path) => prefix.Length == 0 ? (path.Length == 0 ? Fault.NoPath : path) : path.Length == 0 ? prefix : $"{prefix}.{path}";

    private void Invalid(SchemaResult result, string path, JsonNode? value, string detail) =>
        result.Errors.Add(Fault.Invalid(At(path), value, $"{path} {Body} {detail}") with { ForPeople = Fault.Invalid(At(path), value, detail) });

    /// <summary>Errors that kube-openapi raises without a field.</summary>
    private void Plain(SchemaResult result, string path, string detail) => result.Errors.Add(Unplaced($"{GoText.Quote(path)} {detail}") with
    {
        ForPeople = Fault.InvalidUnshown(At(path), detail),
    });

    private FieldError Unplaced(string message) => Fault.Invalid(prefix.Length == 0 ? Fault.NoPath : prefix, JsonValue.Create(""), message);

    private static int Runes(string text)
    {
        var surrogates = 0;
        foreach (var c in text)
        {
            surrogates += char.IsLowSurrogate(c) ? 1 : 0;
        }

        return text.Length - surrogates;
    }
}
