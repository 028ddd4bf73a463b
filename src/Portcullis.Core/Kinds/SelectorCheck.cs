using System.Globalization;

namespace Portcullis.Core.Kinds;

/// <summary>Selectors that no object can match, since no label has such a key or value.</summary>
internal static class SelectorCheck
{
    /// <summary>Each problem with its field.</summary>
    public static IEnumerable<(string Field, string Message)> Of(LabelSelector? selector, string field) => selector is null
        ? []
        : Of(selector.MatchLabels, $"{field}.matchLabels").Concat((selector.MatchExpressions ?? []).SelectMany((e, i) => Of(e, string.Create(CultureInfo.InvariantCulture, $"{field}.matchExpressions[{i}]"))));

    /// <summary>The same for labels that must all be there.</summary>
    public static IEnumerable<(string Field, string Message)> Of(IReadOnlyDictionary<string, string>? labels, string field) => (labels ?? new Dictionary<string, string>())
        .OrderBy(l => l.Key, StringComparer.Ordinal)
        .SelectMany(l => Key(l.Key, $"{field}.{l.Key}").Concat(Value(l.Value, $"{field}.{l.Key}")));

    private static IEnumerable<(string Field, string Message)> Of(LabelSelectorRequirement requirement, string field) =>
        Key(requirement.Key, $"{field}.key").Concat((requirement.Values ?? []).SelectMany((v, i) => Value(v, string.Create(CultureInfo.InvariantCulture, $"{field}.values[{i}]"))));

    private static IEnumerable<(string Field, string Message)> Key(string key, string field) => ObjectNames.IsLabelKey(key)
        ? []
        : [(field, $"{field}: \"{key}\" is not the key of a label: use a name such as team or example.com/team, at most 63 characters after a prefix of at most 253")];

    private static IEnumerable<(string Field, string Message)> Value(string value, string field) => ObjectNames.IsLabelValue(value)
        ? []
        : [(field, $"{field}: \"{value}\" is not the value of a label: use at most 63 letters, digits, '-', '_' and '.'")];
}
