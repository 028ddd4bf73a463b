using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Portcullis.Tools.Mutants;

/// <summary>Calls of the framework whose neighbour is easily taken for them, and calls that are easily forgotten.</summary>
internal static class CallVariants
{
    private static readonly Dictionary<string, string> Neighbours = new(
        new (string One, string Other)[]
        {
            ("All", "Any"), ("TrueForAll", "Exists"), ("First", "Last"), ("FirstOrDefault", "LastOrDefault"), ("Min", "Max"), ("MinBy", "MaxBy"),
            ("Take", "Skip"), ("TakeWhile", "SkipWhile"), ("OrderBy", "OrderByDescending"), ("ThenBy", "ThenByDescending"),
            ("StartsWith", "EndsWith"), ("Union", "Intersect"), ("UnionWith", "IntersectWith"), ("IndexOf", "LastIndexOf"),
        }.SelectMany(p => new[] { KeyValuePair.Create(p.One, p.Other), KeyValuePair.Create(p.Other, p.One) }));

    private static readonly HashSet<string> Forgettable =
        ["Where", "Distinct", "DistinctBy", "Except", "Concat", "Order", "OrderBy", "Reverse", "Skip", "Take", "Trim", "TrimStart", "TrimEnd", "ToLowerInvariant"];

    public static IEnumerable<Variant> Of(ExpressionSyntax node, SemanticModel model)
    {
        var call = node as InvocationExpressionSyntax ?? (node as ConditionalAccessExpressionSyntax)?.WhenNotNull as InvocationExpressionSyntax;
        if (call is null || NameOf(call) is not { } name || !IsFramework(call, model) || Declares(node))
        {
            yield break;
        }

        if (Neighbours.TryGetValue(name.Identifier.Text, out var other) && IsSwappable(call, name.Identifier.Text))
        {
            var start = name.Identifier.SpanStart - node.SpanStart;
            yield return new Variant.Replace(
                node.ToString().Remove(start, name.Identifier.Text.Length).Insert(start, other), Part(name.Identifier.Text, call), Part(other, call));
        }

        if (Forgettable.Contains(name.Identifier.Text) && call.Expression is MemberAccessExpressionSyntax access && node == call)
        {
            yield return new Variant.Replace(access.Expression.ToString(), Part(name.Identifier.Text, call), "");
        }
    }

    private static string Part(string name, InvocationExpressionSyntax call) => $".{name}{call.ArgumentList}";

    /// <summary>Any() asks whether there is one, and has no All().</summary>
    private static bool IsSwappable(InvocationExpressionSyntax call, string name) => name != "Any" || call.ArgumentList.Arguments.Count > 0;

    private static SimpleNameSyntax? NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name,
        MemberBindingExpressionSyntax binding => binding.Name,
        _ => null,
    };

    private static bool IsFramework(InvocationExpressionSyntax call, SemanticModel model) =>
        model.GetSymbolInfo(call).Symbol is IMethodSymbol { ReturnsVoid: false, ContainingNamespace: var space } && space.ToString()!.StartsWith("System", StringComparison.Ordinal);

    private static bool Declares(SyntaxNode node) =>
        node.DescendantNodesAndSelf(n => n is not LambdaExpressionSyntax).Any(n => n is SingleVariableDesignationSyntax or DeclarationExpressionSyntax);
}
