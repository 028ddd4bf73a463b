namespace Portcullis.Core.Kinds;

/// <summary>Something wrong with a revision; it keeps the whole revision out.</summary>
public sealed record RevisionProblem(SourcePosition Position, string Message)
{
    /// <summary>Ordered by place, then by message.</summary>
    public static IReadOnlyList<RevisionProblem> InOrder(IEnumerable<RevisionProblem> problems) =>
    [
        .. problems.OrderBy(p => p.Position.File, StringComparer.Ordinal).ThenBy(p => p.Position.Line).ThenBy(p => p.Message, StringComparer.Ordinal),
    ];

    /// <summary><c>file:line: message</c>.</summary>
    public override string ToString() => $"{Position}: {Message}";
}
