namespace Portcullis.Core.Licences;

/// <summary>A licence expression (SPDX specification 2.3, annex D): licences, with exceptions, of which all or one of several hold.</summary>
public abstract record LicenseExpression
{
    private LicenseExpression()
    {
    }

    /// <summary>The prefix of a licence that is not on SPDX's list.</summary>
    public const string UnlistedPrefix = "LicenseRef-";

    /// <summary>A licence of SPDX's list, or one of a document's own (LicenseRef-).</summary>
    /// <param name="Id">The identifier, as the list writes it.</param>
    /// <param name="OrLater">Whether later versions of it are allowed too (+).</param>
    public sealed record Single(string Id, bool OrLater = false) : LicenseExpression
    {
        public override string ToString() => OrLater ? Id + "+" : Id;
    }

    /// <summary>A licence with a permission beyond it.</summary>
    public sealed record With(Single License, string Exception) : LicenseExpression
    {
        public override string ToString() => $"{License} WITH {Exception}";
    }

    /// <summary>All of them hold; there are two at least.</summary>
    public sealed record And(IReadOnlyList<LicenseExpression> Parts) : LicenseExpression
    {
        public override string ToString() => string.Join(" AND ", Parts.Select(p => p is Or ? $"({p})" : p.ToString()));
    }

    /// <summary>One of them holds, at the recipient's choice; there are two at least.</summary>
    public sealed record Or(IReadOnlyList<LicenseExpression> Parts) : LicenseExpression
    {
        public override string ToString() => string.Join(" OR ", Parts);
    }

    /// <summary>The expression, or null when the text is none by the specification. Identifiers are known in any case of letters, operators in upper or lower case.</summary>
    public static LicenseExpression? Parse(string text) => LicenseReader.ReadStrict(text);

    /// <summary>The licences of an expression, without exceptions, each once, in the order of the expression; none of a text that is no expression.</summary>
    public static IReadOnlyList<string> Identifiers(string? expression) =>
        expression is null || Parse(expression) is not { } parsed ? [] : [.. parsed.Licenses().Select(l => l.Id).Distinct(StringComparer.Ordinal)];

    /// <summary>Whether the identifier of a licence is that of one which is not on SPDX's list, so that nobody can tell which it is.</summary>
    public static bool IsUnlisted(string identifier) =>
        identifier.StartsWith(UnlistedPrefix, StringComparison.OrdinalIgnoreCase) || identifier.StartsWith("DocumentRef-", StringComparison.OrdinalIgnoreCase);

    /// <summary>All of the expressions together, each once; null when there is none.</summary>
    internal static LicenseExpression? AllOf(IEnumerable<LicenseExpression> expressions) =>
        Join(expressions.SelectMany(e => e is And and ? and.Parts : [e]), parts => new And(parts));

    /// <summary>One of the expressions; null when there is none.</summary>
    internal static LicenseExpression? OneOf(IEnumerable<LicenseExpression> expressions) =>
        Join(expressions.SelectMany(e => e is Or or ? or.Parts : [e]), parts => new Or(parts));

    internal IEnumerable<Single> Licenses() => this switch
    {
        Single single => [single],
        With with => [with.License],
        And and => and.Parts.SelectMany(p => p.Licenses()),
        Or or => or.Parts.SelectMany(p => p.Licenses()),
        _ => [],
    };

    private static LicenseExpression? Join(IEnumerable<LicenseExpression> expressions, Func<IReadOnlyList<LicenseExpression>, LicenseExpression> join)
    {
        var parts = expressions.DistinctBy(e => e.ToString(), StringComparer.Ordinal).ToList();
        return parts.Count switch { 0 => null, 1 => parts[0], _ => join(parts) };
    }
}
