using Portcullis.Clients.Git;

namespace Portcullis.Sources.Fetch;

/// <summary>
/// What the acceptance of a revision depends on: the spec with its approval, and the keys that count. A revision accepted by one says nothing to
/// another, so that a key taken out of the Secret counts at the next look, with no new commit.
/// </summary>
internal sealed record AcceptanceKey(string Spec, GitKeyring? Keys)
{
    public override string ToString() => $"{Spec} {Keys?.Digest}";
}
