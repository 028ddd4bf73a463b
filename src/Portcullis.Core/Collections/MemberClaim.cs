namespace Portcullis.Core.Collections;

/// <summary>A collection that says something is its own. <paramref name="Field"/> is null for a claim by selector.</summary>
internal sealed record MemberClaim(Collection Collection, string? Field, NamespaceMode Mode)
{
    public string Name => Collection.Key.Name;

    /// <summary>The order in which claims have their way.</summary>
    public static Comparer<MemberClaim> Oldest { get; } = Comparer<MemberClaim>.Create((a, b) => CollectionAge.Oldest.Compare(a.Collection, b.Collection));
}
