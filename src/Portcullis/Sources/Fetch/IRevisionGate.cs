using Portcullis.Core.Sources;

namespace Portcullis.Sources.Fetch;

/// <summary>Asked before a valid revision takes the place of the one in force.</summary>
internal interface IRevisionGate
{
    /// <summary>Why it may not; null when it may.</summary>
    Task<FetchResult.Rejected?> RefuseAsync(GitSource source, SourceState state, SourceRevision revision, CancellationToken cancellationToken);
}
