namespace Portcullis.Core.Collections;

/// <summary>What became of a claim on repositories. In force with a problem it is out of reach: its collection's source may not claim it any more.</summary>
internal sealed record RepositoryVerdict(RepositoryClaim Claim, bool IsInForce, CollectionProblem? Problem);
