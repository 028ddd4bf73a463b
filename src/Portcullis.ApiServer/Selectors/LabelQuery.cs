using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Selectors;

/// <summary>A parsed <c>labelSelector</c>: requirements that must all hold (apimachinery labels.Parse).</summary>
internal sealed class LabelQuery
{
    public static readonly LabelQuery Everything = new([]);

    private readonly List<Requirement> _requirements;

    private LabelQuery(List<Requirement> requirements) => _requirements = requirements;

    public bool IsEverything => _requirements.Count == 0;

    public static LabelQuery Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Everything;
        }

        try
        {
            return new LabelQuery(new Parser(text).All());
        }
        catch (FormatException error)
        {
            throw StatusException.BadRequest($"unable to parse requirement: {error.Message}");
        }
    }

    public bool Matches(JsonObject value) => IsEverything || MatchesLabels(value.Object("metadata").Object("labels"));

    public bool Matches(StoredObject stored) => IsEverything || MatchesLabels(stored.Labels);

    private bool MatchesLabels(JsonObject? labels) => _requirements.TrueForAll(r => r.Matches(labels.String(r.Key)));

    private sealed record Requirement(string Key, string Operator, IReadOnlyList<string> Values)
    {
        public bool Matches(string? value) => Operator switch
        {
            "exists" => value is not null,
            "!" => value is null,
            "=" or "==" or "in" => value is not null && Values.Contains(value, StringComparer.Ordinal),
            "!=" or "notin" => value is null || !Values.Contains(value, StringComparer.Ordinal),
            _ => value is not null
                && long.TryParse(value, CultureInfo.InvariantCulture, out var left)
                && (Operator == ">" ? left > Number : left < Number),
        };

        private long Number => long.Parse(Values[0], CultureInfo.InvariantCulture);
    }

    /// <summary>Identifiers, and the operators <c>= == != ! in notin &gt; &lt;</c>, as the real lexer cuts them.</summary>
    private sealed class Parser(string text)
    {
        private int _at;

        public List<Requirement> All()
        {
            var requirements = new List<Requirement>();
            while (true)
            {
                requirements.Add(One());
                var token = Next();
                if (token.Length == 0)
                {
                    return requirements;
                }

                if (token != ",")
                {
                    throw new FormatException($"found '{token}', expected: ',' or 'end of string'");
                }
            }
        }

        private Requirement One()
        {
            var token = Next();
            if (token == "!")
            {
                return new Requirement(Identifier(Next()), "!", []);
            }

            var key = Identifier(token);
            var before = _at;
            var op = Next();
            switch (op)
            {
                case "" or ",":
                    _at = before;
                    return new Requirement(key, "exists", []);
                case "in" or "notin":
                    return new Requirement(key, op, List());
                case "=" or "==" or "!=" or ">" or "<":
                    return new Requirement(key, op, [Value(op)]);
                default:
                    throw new FormatException($"found '{op}', expected: in, notin, =, ==, !=, gt, lt");
            }
        }

        private string Value(string op)
        {
            var before = _at;
            var token = Next();
            if (token is "" or ",")
            {
                _at = before;
                token = "";
            }
            else
            {
                token = Identifier(token);
            }

            return op is ">" or "<" && !long.TryParse(token, CultureInfo.InvariantCulture, out _)
                ? throw new FormatException($"values[0]: Invalid value: \"{token}\": for 'Gt', 'Lt' operators, the value must be an integer")
                : token;
        }

        private List<string> List()
        {
            Expect("(");
            var values = new List<string>();
            while (true)
            {
                var token = Next();
                if (token is "," or ")")
                {
                    values.Add("");
                }
                else
                {
                    values.Add(Identifier(token));
                    token = Next();
                }

                if (token == ")")
                {
                    return values;
                }

                if (token != ",")
                {
                    throw new FormatException($"found '{token}', expected: ',' or ')'");
                }
            }
        }

        private void Expect(string wanted)
        {
            var token = Next();
            if (token != wanted)
            {
                throw new FormatException($"found '{token}' expected: '{wanted}'");
            }
        }

        private static string Identifier(string token) =>
            token.Length == 0 || "=!<>(),".Contains(token[0], StringComparison.Ordinal)
                ? throw new FormatException($"found '{token}', expected: identifier")
                : token;

        private string Next()
        {
            while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            {
                _at++;
            }

            if (_at >= text.Length)
            {
                return "";
            }

            var start = _at;
            const string symbols = "=!<>(),";
            if (symbols.Contains(text[_at], StringComparison.Ordinal))
            {
                _at++;
                if (text[start] is '=' or '!' && _at < text.Length && text[_at] == '=')
                {
                    _at++;
                }

                return text[start.._at];
            }

            while (_at < text.Length && !char.IsWhiteSpace(text[_at]) && !symbols.Contains(text[_at], StringComparison.Ordinal))
            {
                _at++;
            }

            return text[start.._at];
        }
    }
}
