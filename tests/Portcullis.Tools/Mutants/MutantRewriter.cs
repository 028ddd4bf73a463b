using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Portcullis.Tools.Mutants;

/// <summary>
/// Puts every mutant of a file into its source, each behind <see cref="MutantSwitch"/>. Numbers run from <paramref name="first"/> and depend on
/// the source alone; those in <paramref name="left"/> are counted and left out.
/// </summary>
internal sealed class MutantRewriter(string file, SemanticModel model, int first, IReadOnlySet<int> left, List<Mutant> mutants) : CSharpSyntaxRewriter
{
    private readonly ExpressionVariants _variants = new(model);

    /// <summary>In what runs once, before any test: tables of data. A switch could not be turned there.</summary>
    private bool _isStatic;

    public override SyntaxNode? Visit(SyntaxNode? node)
    {
        switch (node)
        {
            case null or AttributeListSyntax or ParameterListSyntax or EnumMemberDeclarationSyntax or PatternSyntax or BaseListSyntax:
            case FieldDeclarationSyntax constant when constant.Modifiers.Any(SyntaxKind.ConstKeyword):
            case LocalDeclarationStatementSyntax { IsConst: true }:
            case InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "nameof" } }:
                return node;
            case FieldDeclarationSyntax or PropertyDeclarationSyntax or ConstructorDeclarationSyntax:
                return VisitMember((MemberDeclarationSyntax)node);
            case LambdaExpressionSyntax:
                return Within(false, node);
            case ExpressionSyntax expression when !_isStatic:
                return Wrap(expression);
            case StatementSyntax statement when !_isStatic && CanBeDropped(statement):
                return Drop(statement);
            case SwitchExpressionArmSyntax arm when !_isStatic:
                return DropArm(arm);
            case SwitchLabelSyntax label when !_isStatic:
                return DropLabel(label);
            default:
                return base.Visit(node);
        }
    }

    private SyntaxNode? VisitMember(MemberDeclarationSyntax member)
    {
        var isStatic = member.Modifiers.Any(SyntaxKind.StaticKeyword)
            && member is FieldDeclarationSyntax or ConstructorDeclarationSyntax or PropertyDeclarationSyntax { Initializer: not null };
        return isStatic ? Within(true, member) : base.Visit(member);
    }

    private SyntaxNode? Within(bool isStatic, SyntaxNode node)
    {
        var before = _isStatic;
        _isStatic = isStatic;
        var result = base.Visit(node);
        _isStatic = before;
        return result;
    }

    private ExpressionSyntax Wrap(ExpressionSyntax node)
    {
        var numbered = _variants.Of(node).Select(v => (Variant: v, Id: Number(node, v.Describe(node).Mutated, v.Describe(node).Original))).ToList();
        var rewritten = (ExpressionSyntax)base.Visit(node)!;
        foreach (var (variant, id) in numbered.Where(n => !left.Contains(n.Id)))
        {
            var call = MutantSwitch.Call(id);
            var text = variant switch
            {
                Variant.Replace replace => $"({call} ? ({replace.Text}) : ({rewritten}))",
                Variant.Negate => $"(({rewritten}) ^ {call})",
                Variant.Force { Value: true } => $"(({rewritten}) || {call})",
                _ => $"(({rewritten}) && !{call})",
            };
            rewritten = SyntaxFactory.ParseExpression(text);
        }

        return rewritten.WithTriviaFrom(node);
    }

    private static bool CanBeDropped(StatementSyntax statement) => statement switch
    {
        ExpressionStatementSyntax { Expression: InvocationExpressionSyntax or AssignmentExpressionSyntax or ConditionalAccessExpressionSyntax } => true,
        YieldStatementSyntax or ContinueStatementSyntax => true,
        BreakStatementSyntax => statement.Parent is not SwitchSectionSyntax,
        ReturnStatementSyntax { Expression: null } => true,
        _ => false,
    };

    private StatementSyntax Drop(StatementSyntax statement)
    {
        var id = Number(statement, "");
        var rewritten = (StatementSyntax)base.Visit(statement)!;
        return left.Contains(id)
            ? rewritten
            : SyntaxFactory.ParseStatement($"if (!{MutantSwitch.Call(id)}) {{ {rewritten.WithoutTrivia()} }}").WithTriviaFrom(statement);
    }

    /// <summary>A switch that does not know this case.</summary>
    private SwitchExpressionArmSyntax DropArm(SwitchExpressionArmSyntax arm)
    {
        if (arm.Pattern is DiscardPatternSyntax or VarPatternSyntax)
        {
            return (SwitchExpressionArmSyntax)base.Visit(arm)!;
        }

        var id = Number(arm, "", arm.Pattern + (arm.WhenClause is { } when ? $" {when}" : "") + " =>");
        var rewritten = (SwitchExpressionArmSyntax)base.Visit(arm)!;
        return left.Contains(id) ? rewritten : rewritten.WithWhenClause(Guarded(rewritten.WhenClause, id));
    }

    private SwitchLabelSyntax DropLabel(SwitchLabelSyntax label)
    {
        if (label is DefaultSwitchLabelSyntax)
        {
            return label;
        }

        var id = Number(label, "");
        var rewritten = (SwitchLabelSyntax)base.Visit(label)!;
        if (left.Contains(id))
        {
            return rewritten;
        }

        var (pattern, when) = rewritten is CasePatternSwitchLabelSyntax cased
            ? (cased.Pattern.ToString(), cased.WhenClause)
            : (((CaseSwitchLabelSyntax)rewritten).Value.ToString(), null);
        return SyntaxFactory.CasePatternSwitchLabel(
                SyntaxFactory.Token(SyntaxKind.CaseKeyword).WithTrailingTrivia(SyntaxFactory.Space),
                PatternOf(rewritten).WithTrailingTrivia(SyntaxFactory.Space),
                Guarded(when, id),
                SyntaxFactory.Token(SyntaxKind.ColonToken))
            .WithTriviaFrom(label);
    }

    private static PatternSyntax PatternOf(SwitchLabelSyntax label) => label switch
    {
        CasePatternSwitchLabelSyntax cased => cased.Pattern,
        CaseSwitchLabelSyntax constant => SyntaxFactory.ConstantPattern(constant.Value),
        _ => throw new InvalidOperationException(label.ToString()),
    };

    private static WhenClauseSyntax Guarded(WhenClauseSyntax? when, int id) => SyntaxFactory.WhenClause(
            SyntaxFactory.Token(SyntaxKind.WhenKeyword).WithLeadingTrivia(SyntaxFactory.Space).WithTrailingTrivia(SyntaxFactory.Space),
            SyntaxFactory.ParseExpression(when is null ? $"!{MutantSwitch.Call(id)}" : $"({when.Condition}) && !{MutantSwitch.Call(id)}"))
        .WithTrailingTrivia(SyntaxFactory.Space);

    private int Number(SyntaxNode node, string mutated, string? original = null)
    {
        var id = first + mutants.Count;
        mutants.Add(new Mutant(id, file, node.GetLocation().GetLineSpan().StartLinePosition.Line + 1, MemberOf(node), OneLine(original ?? node.ToString()), OneLine(mutated)));
        return id;
    }

    private static string MemberOf(SyntaxNode node) => node.Ancestors().Select(a => a switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        LocalFunctionStatementSyntax function => function.Identifier.Text,
        PropertyDeclarationSyntax property => property.Identifier.Text,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
        OperatorDeclarationSyntax operation => operation.OperatorToken.Text,
        TypeDeclarationSyntax type => type.Identifier.Text,
        _ => null,
    }).FirstOrDefault(n => n is not null) ?? "";

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
