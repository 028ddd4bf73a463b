namespace Portcullis.Core.Licences;

/// <summary>
/// Reads expressions by descent: AND binds more than OR, a comma less than both. What a name and an exception mean is given; nesting is limited, so that no text
/// exhausts the stack.
/// </summary>
internal sealed class LicenseReader
{
    private const int MostNesting = 50;

    private readonly List<LicenseToken> _tokens;
    private readonly ILicenseNaming _naming;
    private int _at;
    private int _depth;

    private LicenseReader(string text, ILicenseNaming naming)
    {
        _tokens = LicenseToken.Of(text);
        _naming = naming;
    }

    /// <summary>By the specification: identifiers alone, and no commas.</summary>
    public static LicenseExpression? ReadStrict(string text) => Read(text, StrictNaming.Instance);

    /// <summary>The expression of the whole text; null when it is none.</summary>
    public static LicenseExpression? Read(string text, ILicenseNaming naming)
    {
        var reader = new LicenseReader(text, naming);
        var expression = reader.ReadList();
        return reader._at == reader._tokens.Count ? expression : null;
    }

    private LicenseTokenKind? Next => _at < _tokens.Count ? _tokens[_at].Kind : null;

    /// <summary>Alternatives with commas between, each followed by an operator or by none; an OR there makes the list one of alternatives.</summary>
    private LicenseExpression? ReadList()
    {
        var list = ReadOr();
        while (list is not null && Next == LicenseTokenKind.Comma && _naming.AllowsCommas)
        {
            _at++;
            var isOr = Take(LicenseTokenKind.Or);
            _ = isOr || Take(LicenseTokenKind.And);
            var next = ReadOr();
            list = next is null ? null : isOr ? LicenseExpression.OneOf([list, next]) : LicenseExpression.AllOf([list, next]);
        }

        return list;
    }

    private LicenseExpression? ReadOr() => ReadJoined(LicenseTokenKind.Or, ReadAnd, LicenseExpression.OneOf);

    private LicenseExpression? ReadAnd() => ReadJoined(LicenseTokenKind.And, ReadPart, LicenseExpression.AllOf);

    private LicenseExpression? ReadJoined(LicenseTokenKind sign, Func<LicenseExpression?> read, Func<IEnumerable<LicenseExpression>, LicenseExpression?> join)
    {
        var parts = new List<LicenseExpression>();
        do
        {
            if (read() is not { } part)
            {
                return null;
            }

            parts.Add(part);
        }
        while (Take(sign));

        return join(parts);
    }

    private LicenseExpression? ReadPart()
    {
        if (Take(LicenseTokenKind.Open))
        {
            return ReadNested();
        }

        if (Next != LicenseTokenKind.Name || _naming.License(_tokens[_at++].Text) is not { } license)
        {
            return null;
        }

        if (!Take(LicenseTokenKind.With))
        {
            return license;
        }

        return Next == LicenseTokenKind.Name ? _naming.With(license, _tokens[_at++].Text) : null;
    }

    private LicenseExpression? ReadNested()
    {
        if (++_depth > MostNesting)
        {
            return null;
        }

        var nested = ReadList();
        _depth--;
        return Take(LicenseTokenKind.Close) ? nested : null;
    }

    private bool Take(LicenseTokenKind kind)
    {
        var found = Next == kind;
        _at += found ? 1 : 0;
        return found;
    }
}
