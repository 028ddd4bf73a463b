namespace Portcullis.Core.Collections;

/// <summary>What belongs to one collection, and what is wrong with what it claims.</summary>
internal sealed record CollectionMembers
{
    public required IReadOnlyList<string> Namespaces { get; init; }

    public required IReadOnlyList<string> NamespacesToCreate { get; init; }

    public required IReadOnlyList<string> Nodes { get; init; }

    public required IReadOnlyList<RepositoryPattern> Repositories { get; init; }

    public required IReadOnlyList<CollectionProblem> Problems { get; init; }
}
