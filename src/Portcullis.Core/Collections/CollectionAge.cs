namespace Portcullis.Core.Collections;

/// <summary>The older collection first, then the smaller name: the order in which collections have their way.</summary>
internal sealed class CollectionAge : IComparer<Collection>
{
    public static CollectionAge Oldest { get; } = new();

    public int Compare(Collection? x, Collection? y)
    {
        var byTime = Made(x!).CompareTo(Made(y!));
        return byTime != 0 ? byTime : x!.Key.CompareTo(y!.Key);
    }

    private static DateTimeOffset Made(Collection collection) => collection.Metadata.CreationTimestamp ?? DateTimeOffset.MaxValue;
}
