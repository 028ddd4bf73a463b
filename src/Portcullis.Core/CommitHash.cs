namespace Portcullis.Core;

/// <summary>How a commit is named in a spec.</summary>
internal static class CommitHash
{
    /// <summary>SHA-1; repositories with SHA-256 hashes are not read.</summary>
    public const string Pattern = "^[0-9a-f]{40}$";
}
