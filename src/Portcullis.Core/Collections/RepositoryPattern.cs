namespace Portcullis.Core.Collections;

/// <summary>A name or pattern of registry repositories that is in force for a collection.</summary>
public sealed record RepositoryPattern
{
    internal RepositoryPattern(CollectionNode collection, string text)
    {
        while (text.Contains("**", StringComparison.Ordinal))
        {
            text = text.Replace("**", "*", StringComparison.Ordinal);
        }

        (Collection, Text) = (collection, text);
        var star = text.IndexOf('*', StringComparison.Ordinal);
        Prefix = star < 0 ? text : text[..star];
    }

    public CollectionNode Collection { get; }

    public string Text { get; }

    /// <summary>The source that declared the collection may no longer claim it: no source with a scope can give anything there.</summary>
    public bool IsBeyondScope { get; init; }

    /// <summary>What every name that it covers begins with.</summary>
    internal string Prefix { get; }

    internal int Letters => Text.Count(c => c != '*');

    /// <summary>
    /// Whether both cover some name, and neither holds all that the other does and more: then nothing says whose that name is.
    /// </summary>
    internal bool Contests(RepositoryPattern other) =>
        Glob.Overlap(Text, other.Text) && Glob.Covers(Text, other.Text) == Glob.Covers(other.Text, Text);
}
