namespace Portcullis.Core.Licences;

/// <summary>What stands between the names of licences.</summary>
internal enum LicenseTokenKind
{
    Name,
    And,
    Or,
    With,
    Open,
    Close,

    /// <summary>A comma: it binds less than what surrounds it (Debian's copyright format 1.0), and means AND where no operator follows.</summary>
    Comma,
}

/// <summary>A part of an expression. Names of several words are one.</summary>
internal sealed record LicenseToken(LicenseTokenKind Kind, string Text)
{
    /// <summary>The tokens of a text, as it was written.</summary>
    public static List<LicenseToken> Of(string text)
    {
        var tokens = new List<LicenseToken>();
        foreach (var word in Words(text))
        {
            var kind = KindOf(word);
            if (kind == LicenseTokenKind.Name && tokens.Count > 0 && tokens[^1].Kind == LicenseTokenKind.Name)
            {
                tokens[^1] = tokens[^1] with { Text = $"{tokens[^1].Text} {word}" };
                continue;
            }

            tokens.Add(new LicenseToken(kind, word));
        }

        return tokens;
    }

    private static IEnumerable<string> Words(string text)
    {
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && !char.IsWhiteSpace(text[i]) && text[i] is not ('(' or ')' or ',' or ';'))
            {
                continue;
            }

            if (i > start)
            {
                yield return text[start..i];
            }

            if (i < text.Length && !char.IsWhiteSpace(text[i]))
            {
                yield return text[i].ToString();
            }

            start = i + 1;
        }
    }

    private static LicenseTokenKind KindOf(string word) => word switch
    {
        "(" => LicenseTokenKind.Open,
        ")" => LicenseTokenKind.Close,
        "," or ";" => LicenseTokenKind.Comma,
        "and" or "AND" or "And" or "&" or "&&" => LicenseTokenKind.And,
        "or" or "OR" or "Or" or "|" or "||" or "and/or" => LicenseTokenKind.Or,
        "with" or "WITH" or "With" => LicenseTokenKind.With,
        _ => LicenseTokenKind.Name,
    };
}
