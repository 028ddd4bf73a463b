using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Portcullis.Tools.Sizes;

/// <summary>The lines of each method, constructor, operator, accessor and local function that has a body: from its first word to its last brace.</summary>
internal static class MethodSizes
{
    public static IEnumerable<Size> Of(string file, string text)
    {
        var tree = CSharpSyntaxTree.ParseText(text);
        return tree.GetRoot().DescendantNodes().Where(HasBody).Select(n =>
        {
            var first = LineOf(tree, FirstWord(n).SpanStart);
            return new Size($"{file}:{first + 1} {NameOf(n)}", LineOf(tree, n.Span.End) - first + 1);
        });
    }

    private static bool HasBody(SyntaxNode node) => node switch
    {
        BaseMethodDeclarationSyntax method => method.Body is not null || method.ExpressionBody is not null,
        AccessorDeclarationSyntax accessor => accessor.Body is not null || accessor.ExpressionBody is not null,
        LocalFunctionStatementSyntax => true,
        _ => false,
    };

    /// <summary>Attributes and the comments above are not the method's.</summary>
    private static SyntaxToken FirstWord(SyntaxNode node)
    {
        var attributes = node switch
        {
            MemberDeclarationSyntax member => member.AttributeLists,
            AccessorDeclarationSyntax accessor => accessor.AttributeLists,
            LocalFunctionStatementSyntax function => function.AttributeLists,
            _ => default,
        };
        return attributes.Count == 0 ? node.GetFirstToken() : attributes[^1].GetLastToken().GetNextToken();
    }

    private static string NameOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
        LocalFunctionStatementSyntax function => function.Identifier.Text,
        AccessorDeclarationSyntax { Parent.Parent: PropertyDeclarationSyntax property } accessor => $"{property.Identifier.Text}.{accessor.Keyword.Text}",
        _ => node.Kind().ToString(),
    };

    private static int LineOf(SyntaxTree tree, int position) => tree.GetText().Lines.GetLineFromPosition(position).LineNumber;
}
