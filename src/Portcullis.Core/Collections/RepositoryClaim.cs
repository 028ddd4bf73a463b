namespace Portcullis.Core.Collections;

/// <summary>A name or pattern of registry repositories that a collection says is its own; one by one, by the age of the collection and in its order.</summary>
internal sealed class RepositoryClaim
{
    public RepositoryClaim(Collection owner, int index)
    {
        var text = owner.Spec.Repositories![index];
        while (text.Contains("**", StringComparison.Ordinal))
        {
            text = text.Replace("**", "*", StringComparison.Ordinal);
        }

        (Owner, Index, Text) = (owner, index, text);
        var star = text.IndexOf('*', StringComparison.Ordinal);
        Prefix = star < 0 ? text : text[..star];
    }

    /// <summary>The order in which claims have their way.</summary>
    public static Comparer<RepositoryClaim> Oldest { get; } = Comparer<RepositoryClaim>.Create(
        (a, b) => CollectionAge.Oldest.Compare(a.Owner, b.Owner) is var order && order != 0 ? order : a.Index.CompareTo(b.Index));

    public Collection Owner { get; }

    public int Index { get; }

    public string Field => $"spec.repositories[{Index}]";

    public string Text { get; }

    /// <summary>What every name that it covers begins with.</summary>
    public string Prefix { get; }

    public int Letters => Text.Count(c => c != '*');

    public static IEnumerable<RepositoryClaim> Of(Collection collection) =>
        Enumerable.Range(0, collection.Spec.Repositories?.Count ?? 0).Select(i => new RepositoryClaim(collection, i));

    /// <summary>
    /// Whether both cover some name, and neither holds all that the other does and more: then nothing says whose that name is.
    /// </summary>
    public bool Contests(RepositoryClaim other) =>
        !ReferenceEquals(Owner, other.Owner) && Glob.Overlap(Text, other.Text) && Glob.Covers(Text, other.Text) == Glob.Covers(other.Text, Text);
}
