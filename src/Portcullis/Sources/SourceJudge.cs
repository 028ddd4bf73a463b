using Portcullis.Clients.Git;

namespace Portcullis.Sources;

/// <summary>
/// By what a revision is let in: the spec with its approval, and the keys that count. A revision let in by one judge says nothing to
/// another, so that a key taken out of the Secret counts at the next look, with no new commit.
/// </summary>
internal sealed record SourceJudge(string Spec, GitKeyring? Keys)
{
    public override string ToString() => $"{Spec} {Keys?.Digest}";
}
