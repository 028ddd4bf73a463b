namespace Portcullis.Schemas.Cel;

/// <summary>Recursive descent over cel-spec's grammar. Nesting is bounded, so that no expression exhausts the stack.</summary>
internal sealed class CelParser
{
    private const int MaxDepth = 250;
    private const int MaxLength = 100_000;
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while",
    };

    private static readonly string[][] Binary = [["||"], ["&&"], ["<", "<=", ">=", ">", "==", "!=", "in"], ["+", "-"], ["*", "/", "%"]];
    private readonly List<CelToken> _tokens;
    private int _at;
    private int _depth;

    private CelParser(List<CelToken> tokens) => _tokens = tokens;

    private CelToken Current => _tokens[_at];

    /// <exception cref="CelSyntaxException">It is no expression.</exception>
    public static CelNode Parse(string source)
    {
        if (source.Length > MaxLength)
        {
            throw new CelSyntaxException(new CelPosition(1, 0), $"expression code point size exceeds limit: size: {source.Length}, limit {MaxLength}");
        }

        var parser = new CelParser(new CelLexer(source).All());
        var node = parser.Expression();
        return parser.Current.Kind == CelTokenKind.End ? node : throw parser.Unexpected("<EOF>");
    }

    private CelNode Expression()
    {
        if (++_depth > MaxDepth)
        {
            throw new CelSyntaxException(Current.Position, $"expression recursion limit exceeded: {MaxDepth}");
        }

        var node = Level(0);
        if (Is("?"))
        {
            var position = Take().Position;
            var then = Level(0);
            Expect(":");
            node = new CelCall(position, "_?_:_", null, [node, then, Expression()]);
        }

        _depth--;
        return node;
    }

    private CelNode Level(int level)
    {
        if (level == Binary.Length)
        {
            return Unary();
        }

        var left = Level(level + 1);
        for (var chain = 0; Current.Kind is CelTokenKind.Symbol or CelTokenKind.Identifier && Binary[level].Contains(Current.Text); chain++)
        {
            // A chain nests to the left; the checker bounds the depth of the whole.
            if (chain > CelChecker.MaxDepth)
            {
                throw new CelSyntaxException(Current.Position, $"expression recursion limit exceeded: {MaxDepth}");
            }

            var op = Take();
            left = new CelCall(op.Position, op.Text == "in" ? "@in" : $"_{op.Text}_", null, [left, Level(level + 1)]);
        }

        return left;
    }

    private CelNode Unary()
    {
        if (!Is("!") && !Is("-"))
        {
            return Member();
        }

        var op = Take();
        var count = 1;
        while (Is(op.Text))
        {
            Take();
            count++;
        }

        if (op.Text == "-" && count % 2 == 1 && Current.Kind is CelTokenKind.Int or CelTokenKind.Double)
        {
            return Member(negative: true);
        }

        var operand = Member();
        return count % 2 == 0 ? operand : new CelCall(op.Position, op.Text == "!" ? "!_" : "-_", null, [operand]);
    }

    private CelNode Member(bool negative = false)
    {
        var node = Primary(negative);
        for (var chain = 0; ; chain++)
        {
            if (chain > MaxDepth)
            {
                throw new CelSyntaxException(Current.Position, $"expression recursion limit exceeded: {MaxDepth}");
            }

            if (Is("."))
            {
                node = Selection(node);
            }
            else if (Is("[") || Is("[?"))
            {
                var open = Take();
                var index = Expression();
                Expect("]");
                node = new CelCall(open.Position, open.Text == "[" ? "_[_]" : "_[?_]", null, [node, index]);
            }
            else if (Is("{") && node is CelIdentifier or CelSelect)
            {
                throw new CelSyntaxException(Current.Position, "message construction is not supported here");
            }
            else
            {
                return node;
            }
        }
    }

    private CelNode Selection(CelNode operand)
    {
        var dot = Take();
        var optional = Is("?");
        if (optional)
        {
            Take();
        }

        if (Current.Kind != CelTokenKind.Identifier || Current.Text is "in" or "true" or "false" or "null")
        {
            throw Unexpected("IDENTIFIER");
        }

        var name = Take().Text;
        if (optional || !Is("("))
        {
            return new CelSelect(dot.Position, operand, name, optional, testOnly: false);
        }

        var open = Take();
        var arguments = Arguments(")");
        return CelMacros.Expand(open.Position, name, operand, arguments) ?? new CelCall(open.Position, name, operand, arguments);
    }

    private CelNode Primary(bool negative)
    {
        var token = Current;
        switch (token.Kind)
        {
            case CelTokenKind.Int:
                Take();
                var digits = (ulong)token.Value!;
                return digits > (ulong)long.MaxValue + (negative ? 1u : 0u)
                    ? throw new CelSyntaxException(token.Position, "invalid int literal")
                    : new CelLiteral(token.Position, negative ? (long)(0 - digits) : (long)digits);
            case CelTokenKind.Double:
                Take();
                return new CelLiteral(token.Position, negative ? -(double)token.Value! : token.Value);
            case CelTokenKind.Uint or CelTokenKind.String or CelTokenKind.Bytes:
                Take();
                return new CelLiteral(token.Position, token.Value);
            case CelTokenKind.Identifier:
                return Name();
            case CelTokenKind.Symbol when token.Text == "(":
                Take();
                var inner = Expression();
                Expect(")");
                return inner;
            case CelTokenKind.Symbol when token.Text is "[" or "[?":
                return List();
            case CelTokenKind.Symbol when token.Text is "{" or "{?":
                return Map();
            case CelTokenKind.Symbol when token.Text == ".":
                Take();
                return Name();
            default:
                throw Unexpected("an expression");
        }
    }

    private CelNode Name()
    {
        var token = Current.Kind == CelTokenKind.Identifier ? Take() : throw Unexpected("IDENTIFIER");
        switch (token.Text)
        {
            case "true":
                return new CelLiteral(token.Position, true);
            case "false":
                return new CelLiteral(token.Position, false);
            case "null":
                return new CelLiteral(token.Position, null);
            case "in":
                throw new CelSyntaxException(token.Position, "Syntax error: extraneous input 'in'");
        }

        if (Reserved.Contains(token.Text))
        {
            throw new CelSyntaxException(token.Position, $"reserved identifier: {token.Text}");
        }

        if (!Is("("))
        {
            return new CelIdentifier(token.Position, token.Text);
        }

        var open = Take();
        var arguments = Arguments(")");
        return CelMacros.Expand(open.Position, token.Text, null, arguments) ?? new CelCall(open.Position, token.Text, null, arguments);
    }

    private List<CelNode> Arguments(string close)
    {
        var arguments = new List<CelNode>();
        while (!Is(close))
        {
            arguments.Add(Expression());
            if (!Is(close))
            {
                Expect(",");
            }
        }

        Take();
        return arguments;
    }

    private CelListLiteral List()
    {
        var open = Take();
        var items = new List<CelNode>();
        var optional = new HashSet<int>();
        var first = open.Text == "[?";
        while (!Is("]"))
        {
            if (first || Is("?"))
            {
                if (!first)
                {
                    Take();
                }

                first = false;
                optional.Add(items.Count);
            }

            items.Add(Expression());
            if (!Is("]"))
            {
                Expect(",");
            }
        }

        Take();
        return new CelListLiteral(open.Position, items, optional);
    }

    private CelMapLiteral Map()
    {
        var open = Take();
        var entries = new List<CelMapEntry>();
        var first = open.Text == "{?";
        while (!Is("}"))
        {
            var optional = first || Is("?");
            if (optional && !first)
            {
                Take();
            }

            first = false;
            var key = Expression();
            Expect(":");
            entries.Add(new CelMapEntry(key, Expression(), optional));
            if (!Is("}"))
            {
                Expect(",");
            }
        }

        Take();
        return new CelMapLiteral(open.Position, entries);
    }

    private bool Is(string symbol) => Current.Kind == CelTokenKind.Symbol && Current.Text == symbol;

    private CelToken Take() => _tokens[_at++];

    private void Expect(string symbol)
    {
        if (!Is(symbol))
        {
            throw Unexpected($"'{symbol}'");
        }

        Take();
    }

    private CelSyntaxException Unexpected(string wanted) =>
        new(Current.Position, $"Syntax error: mismatched input '{Current.Text}' expecting {wanted}");
}
