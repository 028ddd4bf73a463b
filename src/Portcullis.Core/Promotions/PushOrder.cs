namespace Portcullis.Core.Promotions;

/// <summary>When an image was pushed, and the tag for two of one moment: a whole order, whatever the clocks' steps.</summary>
internal readonly record struct PushOrder(DateTimeOffset PushedAt, string Tag) : IComparable<PushOrder>
{
    public int CompareTo(PushOrder other) => PushedAt.CompareTo(other.PushedAt) is var order && order != 0 ? order : string.CompareOrdinal(Tag, other.Tag);
}
