using Portcullis.Core.Kinds;

namespace Portcullis.Core.Sources;

/// <summary>The result of asking a repository for its present revision.</summary>
public abstract record FetchResult
{
    private FetchResult()
    {
    }

    /// <summary>The revision in force is what the repository says.</summary>
    public sealed record Current : FetchResult;

    /// <summary>The repository could not be asked or read; worth another try.</summary>
    public sealed record Unavailable(string Reason, string Message) : FetchResult;

    /// <summary>The repository says something that is not accepted. <see cref="Attempted"/> is null when not even the revision is known.</summary>
    public sealed record Rejected(string Reason, string Message, string? Attempted, IReadOnlyList<RevisionProblem> Problems) : FetchResult
    {
        /// <summary>The objects that the revision would delete beyond its budget; empty when it is rejected for something else.</summary>
        public IReadOnlyList<ObjectFinding> PruneBlocked { get; init; } = [];
    }
}
