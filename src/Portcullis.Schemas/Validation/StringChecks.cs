using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.Schemas.Validation;

/// <summary>The checks of a string: length in code points, pattern, format.</summary>
internal static class StringChecks
{
    public static void Run(SchemaNode node, string text, string path, SchemaResult result, SchemaErrors errors)
    {
        var schema = node.Schema;
        if (schema.MaxLength is not null || schema.MinLength is not null)
        {
            var length = Runes(text);
            if (schema.MaxLength is { } max && length > max)
            {
                result.Errors.Add(Fault.TooLong(errors.At(path), max));
                Format(node, text, path, result, errors);
                return;
            }

            if (schema.MinLength is { } min && length < min)
            {
                errors.Invalid(result, path, JsonValue.Create(text), Fault.Invariant($"should be at least {min} chars long"));
                Format(node, text, path, result, errors);
                return;
            }
        }

        if (node.Pattern is { } pattern && !pattern.IsMatch(text))
        {
            errors.Invalid(result, path, JsonValue.Create(text), $"should match '{schema.Pattern}'");
        }
        else
        {
            result.Matches++;
        }

        Format(node, text, path, result, errors);
    }

    private static void Format(SchemaNode node, string text, string path, SchemaResult result, SchemaErrors errors)
    {
        if (node.Format is { } format && Formats.IsStringFormat(format) && !Formats.Matches(format, text))
        {
            result.Errors.Add(Fault.TypeInvalid(errors.At(path), JsonValue.Create(text), $"{path} {SchemaErrors.Body} must be of type {format}: {GoText.Quote(text)}") with
            {
                ForPeople = Fault.TypeInvalid(errors.At(path), JsonValue.Create(text), $"must be of type {format}"),
            });
        }
    }

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
