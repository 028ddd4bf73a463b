using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Portcullis.Tools.Mutants;

/// <summary>All the ways in which an expression is made wrong.</summary>
internal sealed class ExpressionVariants(SemanticModel model)
{
    private static readonly Dictionary<SyntaxKind, string> Operators = new()
    {
        [SyntaxKind.LessThanExpression] = "<=",
        [SyntaxKind.LessThanOrEqualExpression] = "<",
        [SyntaxKind.GreaterThanExpression] = ">=",
        [SyntaxKind.GreaterThanOrEqualExpression] = ">",
        [SyntaxKind.EqualsExpression] = "!=",
        [SyntaxKind.NotEqualsExpression] = "==",
        [SyntaxKind.LogicalAndExpression] = "||",
        [SyntaxKind.LogicalOrExpression] = "&&",
        [SyntaxKind.AddExpression] = "-",
        [SyntaxKind.SubtractExpression] = "+",
        [SyntaxKind.MultiplyExpression] = "/",
        [SyntaxKind.DivideExpression] = "*",
    };

    public IEnumerable<Variant> Of(ExpressionSyntax node)
    {
        if (!CanBeWrapped(node))
        {
            return [];
        }

        var truth = Truth(node).ToList();
        return truth.Concat(node switch
        {
            BinaryExpressionSyntax binary => OfBinary(binary, truth.Count > 0),
            LiteralExpressionSyntax literal => OfLiteral(literal, truth.Count > 0),
            PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } not when truth.Count == 0 && !Declares(not) => [new Variant.Replace(not.Operand.ToString())],
            InvocationExpressionSyntax or ConditionalAccessExpressionSyntax => CallVariants.Of(node, model),
            IsPatternExpressionSyntax pattern when !Declares(pattern) => PatternVariants.Of(pattern),
            _ => [],
        }).Concat(IsReturned(node) ? OfReturned(node) : []);
    }

    /// <summary>Negations of whole conditions; and of the parts of one that declares variables, which can be neither negated nor said twice.</summary>
    private IEnumerable<Variant> Truth(ExpressionSyntax node)
    {
        if (model.GetTypeInfo(node).Type?.SpecialType != SpecialType.System_Boolean)
        {
            return [];
        }

        if (node.Parent is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression or (int)SyntaxKind.LogicalOrExpression } parent && Declares(parent))
        {
            return [new Variant.Force(parent.IsKind(SyntaxKind.LogicalAndExpression))];
        }

        if (!IsWholeCondition(node))
        {
            return [];
        }

        return Declares(node) ? [new Variant.Force(true), new Variant.Force(false)] : [new Variant.Negate()];
    }

    private IEnumerable<Variant> OfBinary(BinaryExpressionSyntax binary, bool isNegated)
    {
        if (Declares(binary))
        {
            yield break;
        }

        if (binary.IsKind(SyntaxKind.CoalesceExpression))
        {
            if (binary.Right is not ThrowExpressionSyntax)
            {
                yield return new Variant.Replace(binary.Right.ToString());
            }

            if (model.GetTypeInfo(binary.Left).Type is { IsReferenceType: true })
            {
                yield return new Variant.Replace($"{binary.Left}!");
            }
        }
        else if (Operators.TryGetValue(binary.Kind(), out var other)
            && !(isNegated && binary.Kind() is SyntaxKind.EqualsExpression or SyntaxKind.NotEqualsExpression)
            && (other is not ("+" or "-" or "*" or "/") || IsNumber(binary)))
        {
            yield return new Variant.Replace($"{binary.Left} {other} {binary.Right}");
        }
    }

    private IEnumerable<Variant> OfLiteral(LiteralExpressionSyntax literal, bool isNegated)
    {
        if (literal.IsKind(SyntaxKind.NumericLiteralExpression) && literal.Token.Value is int number)
        {
            var more = (number + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
            var around = literal.Parent!.ToString();
            yield return around.Length > 80
                ? new Variant.Replace(more)
                : new Variant.Replace(more, around, around.Remove(literal.SpanStart - literal.Parent.SpanStart, literal.Span.Length).Insert(literal.SpanStart - literal.Parent.SpanStart, more));
        }
        else if (!isNegated && literal.Kind() is SyntaxKind.TrueLiteralExpression or SyntaxKind.FalseLiteralExpression)
        {
            yield return new Variant.Replace(literal.IsKind(SyntaxKind.TrueLiteralExpression) ? "false" : "true");
        }
    }

    /// <summary>Nothing instead of something, where the type has a nothing that callers must expect.</summary>
    private IEnumerable<Variant> OfReturned(ExpressionSyntax node)
    {
        if (node is LiteralExpressionSyntax or ThrowExpressionSyntax || node is CollectionExpressionSyntax { Elements.Count: 0 }
            || ReturnTypeOf(node) is not { } type || Declares(node))
        {
            yield break;
        }

        if (type.NullableAnnotation == NullableAnnotation.Annotated && type is not ITypeParameterSymbol)
        {
            yield return new Variant.Replace("null");
        }
        else if (type.SpecialType != SpecialType.System_String
            && (type.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T
                || type is IArrayTypeSymbol
                || type.AllInterfaces.Any(i => i.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T)))
        {
            yield return new Variant.Replace("[]");
        }
    }

    private ITypeSymbol? ReturnTypeOf(ExpressionSyntax node)
    {
        var member = node.Ancestors().FirstOrDefault(a => a is MethodDeclarationSyntax or LocalFunctionStatementSyntax or PropertyDeclarationSyntax or LambdaExpressionSyntax);
        return member is null or LambdaExpressionSyntax ? null : model.GetDeclaredSymbol(member) switch
        {
            IMethodSymbol method => method.ReturnType,
            IPropertySymbol property => property.Type,
            _ => null,
        };
    }

    private bool IsNumber(BinaryExpressionSyntax binary) =>
        model.GetTypeInfo(binary).Type is { SpecialType: >= SpecialType.System_SByte and <= SpecialType.System_Double }
        && model.GetTypeInfo(binary.Left).Type is { SpecialType: >= SpecialType.System_SByte and <= SpecialType.System_Double };

    private static bool IsWholeCondition(ExpressionSyntax node) => node.Parent switch
    {
        IfStatementSyntax parent => parent.Condition == node,
        WhileStatementSyntax parent => parent.Condition == node,
        DoStatementSyntax parent => parent.Condition == node,
        ForStatementSyntax parent => parent.Condition == node,
        ConditionalExpressionSyntax parent => parent.Condition == node,
        WhenClauseSyntax or WhereClauseSyntax => true,
        LambdaExpressionSyntax => true,
        _ => IsReturned(node),
    };

    private static bool IsReturned(ExpressionSyntax node) => node.Parent is ReturnStatementSyntax or ArrowExpressionClauseSyntax;

    private static bool Declares(SyntaxNode node) =>
        node.DescendantNodesAndSelf(n => n is not LambdaExpressionSyntax).Any(n => n is SingleVariableDesignationSyntax or DeclarationExpressionSyntax);

    /// <summary>Not what is assigned to, called through <c>?.</c>, a statement by itself, or a constant.</summary>
    private static bool CanBeWrapped(ExpressionSyntax node)
    {
        if (node.Parent is ExpressionStatementSyntax or AttributeArgumentSyntax or NameColonSyntax
            || node.Parent is AssignmentExpressionSyntax assignment && assignment.Left == node
            || node.Parent is ArgumentSyntax { RefKindKeyword.RawKind: not (int)SyntaxKind.None })
        {
            return false;
        }

        var first = node;
        while (true)
        {
            switch (first)
            {
                case MemberAccessExpressionSyntax access:
                    first = access.Expression;
                    break;
                case InvocationExpressionSyntax call:
                    first = call.Expression;
                    break;
                case ElementAccessExpressionSyntax element:
                    first = element.Expression;
                    break;
                case ConditionalAccessExpressionSyntax conditional:
                    first = conditional.Expression;
                    break;
                case PostfixUnaryExpressionSyntax postfix:
                    first = postfix.Operand;
                    break;
                default:
                    return first is not (MemberBindingExpressionSyntax or ElementBindingExpressionSyntax);
            }
        }
    }
}
