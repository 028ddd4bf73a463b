using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Portcullis.Tools.Mutants;

/// <summary>Patterns with one of their parts left out.</summary>
internal static class PatternVariants
{
    public static IEnumerable<Variant> Of(IsPatternExpressionSyntax test) =>
        Parts(test.Pattern).Select(smaller => new Variant.Replace($"{test.Expression} is {smaller}"));

    private static IEnumerable<string> Parts(PatternSyntax pattern)
    {
        switch (pattern)
        {
            case BinaryPatternSyntax:
                var parts = Flatten(pattern, pattern.Kind()).ToList();
                var word = pattern.IsKind(SyntaxKind.OrPattern) ? " or " : " and ";
                foreach (var left in parts)
                {
                    yield return string.Join(word, parts.Where(p => p != left));
                }

                break;
            case RecursivePatternSyntax { PropertyPatternClause.Subpatterns: { Count: > 1 } members } recursive:
                foreach (var member in members)
                {
                    yield return recursive.WithPropertyPatternClause(
                        recursive.PropertyPatternClause.WithSubpatterns(members.Remove(members.First(m => m == member)))).ToString();
                }

                break;
            case UnaryPatternSyntax { Pattern: ParenthesizedPatternSyntax { Pattern: BinaryPatternSyntax inner } }:
                foreach (var part in Parts(inner))
                {
                    yield return $"not ({part})";
                }

                break;
        }
    }

    private static IEnumerable<PatternSyntax> Flatten(PatternSyntax pattern, SyntaxKind kind) => pattern is BinaryPatternSyntax binary && binary.IsKind(kind)
        ? Flatten(binary.Left, kind).Concat(Flatten(binary.Right, kind))
        : [pattern];
}
