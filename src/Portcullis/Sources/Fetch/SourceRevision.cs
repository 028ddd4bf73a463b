using Portcullis.Clients.Git;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Core.Sources;

namespace Portcullis.Sources.Fetch;

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

    /// <summary>The kinds of its objects.</summary>
    public IReadOnlyList<ApiResource> Resources => field ??= [.. Objects.Select(o => o.Resource).Distinct()];

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

    /// <summary>The copy that it was read from: the source may follow another repository by now, whose revision may not take its place yet.</summary>
    public required GitRepository Repository { get; init; }

    /// <summary>The folder that it was read from.</summary>
    public required string Folder { get; init; }

    public string Revision => Target.Revision;

    /// <summary>As far as a status tells of it.</summary>
    public RevisionInForce Facts => new()
    {
        Revision = Revision,
        Commit = Target.Commit,
        Author = Commit.Author,
        Observed = Observed,
        Folder = Folder,
        Objects = Objects.Count,
        SignedBy = Signature?.ToString(),
        Notes = Notes,
        PositionOf = identity => ByIdentity.TryGetValue(identity, out var declared) ? declared.Position.ToString() : null,
    };
}
