using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Portcullis.Tools.Mutants;

/// <summary>One way of making an expression wrong.</summary>
internal abstract record Variant
{
    private Variant()
    {
    }

    /// <summary>Another expression in its place; <paramref name="From"/> and <paramref name="To"/> name the part that differs, where the whole is long.</summary>
    public sealed record Replace(string Text, string? From = null, string? To = null) : Variant;

    /// <summary>Its opposite. Only where it declares no variables: those would be assigned on the wrong side.</summary>
    public sealed record Negate : Variant;

    /// <summary>Always this truth, after it was evaluated: variables that it declares stay assigned where they are used.</summary>
    public sealed record Force(bool Value) : Variant;

    /// <summary>What stands there and what stands there instead, as people are told.</summary>
    public (string Original, string Mutated) Describe(ExpressionSyntax original) => this switch
    {
        Replace replace => (replace.From ?? original.ToString(), replace.To ?? replace.Text),
        Negate => (original.ToString(), $"!({original})"),
        Force { Value: true } => (original.ToString(), "true"),
        _ => (original.ToString(), "false"),
    };
}
