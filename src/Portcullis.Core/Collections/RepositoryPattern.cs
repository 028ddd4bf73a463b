namespace Portcullis.Core.Collections;

/// <summary>A name or pattern of registry repositories that is in force for a collection.</summary>
public sealed record RepositoryPattern(CollectionNode Collection, string Text)
{
    /// <summary>The source that declared the collection may no longer claim it: no source with a scope can give anything there.</summary>
    public bool IsBeyondScope { get; init; }
}
