using System.Globalization;
using System.Text.RegularExpressions;
using static Portcullis.Schemas.Cel.CelType;

namespace Portcullis.Schemas.Cel;

/// <summary>A named format; <see cref="Check"/> returns what is wrong with a text, or nothing.</summary>
internal sealed record CelNamedFormat(string Name, Func<string, string?> Check) : CelOpaque
{
    public override string TypeName => Format.Name;

    public bool Equals(CelNamedFormat? other) => other?.Name == Name;

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}

/// <summary>Kubernetes' format library: <c>format.dns1123Label().validate(text)</c> gives none, or what is wrong.</summary>
internal static partial class CelFormatFunctions
{
    private const string LabelWords = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
    private static readonly Dictionary<string, CelNamedFormat> Formats = new[]
    {
        Of("dns1123Label", 63, Label(), LabelWords),
        Of("dns1123Subdomain", 253, Subdomain(), "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"),
        Of("dns1035Label", 63, Label1035(), "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character"),
        Of("labelValue", 63, LabelValue(), "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"),
        Of("qualifiedName", 317, QualifiedName(), "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"),
        Of("dns1123LabelPrefix", 63, LabelPrefix(), LabelWords),
        Of("dns1123SubdomainPrefix", 253, SubdomainPrefix(), "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'"),
        Of("dns1035LabelPrefix", 63, Label1035Prefix(), "a DNS-1035 label must consist of lower case alphanumeric characters or '-', and start with an alphabetic character"),
        Named("uri"), Named("uuid"), Named("byte"), Named("date"), Named("datetime"),
    }.ToDictionary(f => f.Name, StringComparer.Ordinal);

    public static IEnumerable<CelOverload> All()
    {
        foreach (var format in Formats.Values)
        {
            yield return new($"format.{format.Name}", false, [], Format, _ => format);
        }

        yield return new("format.named", false, [CelType.String], OptionalOf(Format), v => Formats.TryGetValue((string)v[0]!, out var format) ? new CelOptional(format) : CelOptional.None);
        yield return new("validate", true, [Format, CelType.String], OptionalOf(ListOf(CelType.String)), v =>
            ((CelNamedFormat)v[0]!).Check((string)v[1]!) is { } fault ? new CelOptional(new CelArray([fault])) : CelOptional.None)
        { Cost = v => CelCosts.Text(v[1]) };
    }

    private static CelNamedFormat Of(string name, int max, Regex regex, string words) =>
        new(name, s => s.Length > max ? string.Create(CultureInfo.InvariantCulture, $"must be no more than {max} bytes") : regex.IsMatch(s) ? null : words);

    private static CelNamedFormat Named(string name) => new(name, s => Structural.Formats.Matches(name, s) ? null : $"invalid {name}");

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Label();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"^[a-z]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Label1035();

    [GeneratedRegex(@"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\z", RegexOptions.NonBacktracking)]
    private static partial Regex LabelValue();

    [GeneratedRegex(@"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9])\z", RegexOptions.NonBacktracking)]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"^[a-z0-9][-a-z0-9]*\z")]
    private static partial Regex LabelPrefix();

    [GeneratedRegex(@"^[a-z0-9][-a-z0-9]*(\.[a-z0-9][-a-z0-9]*)*\.?\z", RegexOptions.NonBacktracking)]
    private static partial Regex SubdomainPrefix();

    [GeneratedRegex(@"^[a-z][-a-z0-9]*\z")]
    private static partial Regex Label1035Prefix();
}
