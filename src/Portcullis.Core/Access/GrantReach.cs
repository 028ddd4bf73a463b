namespace Portcullis.Core.Access;

/// <summary>How far down the tree a grant goes.</summary>
public enum GrantReach
{
    /// <summary>The collection and all below it.</summary>
    Subtree,

    /// <summary>The collection alone.</summary>
    Exact,

    /// <summary>All below the collection, not the collection itself.</summary>
    Descendants,
}
