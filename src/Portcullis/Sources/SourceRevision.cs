using Portcullis.Clients.Git;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;

namespace Portcullis.Sources;

/// <summary>The commit that a source's ref stands for. <see cref="TagObject"/> is set for annotated tags.</summary>
internal sealed record SourceTarget(string RefName, string Display, string Commit, string? TagObject)
{
    /// <summary>As Flux writes it: <c>main@sha1:…</c>.</summary>
    public string Revision => $"{Display}@sha1:{Commit}";

    /// <summary>As sentences name it; status fields have the whole of it.</summary>
    public string Short => Commit[..8];
}

/// <summary>A revision that was read whole, verified and found valid: what is made and kept true.</summary>
internal sealed record SourceRevision
{
    public required SourceTarget Target { get; init; }

    public required GitCommit Commit { get; init; }

    public required IReadOnlyList<RevisionObject> Objects { get; init; }

    public required IReadOnlyDictionary<ObjectIdentity, RevisionObject> ByIdentity { get; init; }

    /// <summary>The spec, approval and keys by which it was let in: judged again when they change, though the commit does not.</summary>
    public required string JudgedBy { get; init; }

    /// <summary>Who signed it; null when nobody had to.</summary>
    public GitSignature? Signature { get; init; }

    /// <summary>What was left out, such as submodules.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Where the search for "which commit changed this last" may stop first.</summary>
    public string? Before { get; init; }

    /// <summary>Which commits since <see cref="Before"/> gave files their content, newest first. Forgotten once the objects are stamped.</summary>
    public IReadOnlyList<GitTouch> Newest { get; set; } = [];

    /// <summary>What was followed when it was read: URL and ref.</summary>
    public required string Observed { get; init; }

    public string Revision => Target.Revision;
}

/// <summary>What came of looking at the repository.</summary>
internal abstract record LookResult
{
    private LookResult()
    {
    }

    /// <summary>The revision in force is what the repository says.</summary>
    public sealed record Current : LookResult;

    /// <summary>The repository could not be asked or read; worth another try.</summary>
    public sealed record Unavailable(string Reason, string Message) : LookResult;

    /// <summary>The repository says something that is not let in. <see cref="Attempted"/> is null when not even that is known.</summary>
    public sealed record Refused(string Reason, string Message, string? Attempted, IReadOnlyList<RevisionProblem> Problems) : LookResult;
}
