using Portcullis.Core.Repositories;

namespace Portcullis.Repositories.Writes;

/// <summary>What a writer has done to a tag in the registry.</summary>
/// <param name="IsDone">Whether anything.</param>
/// <param name="Digest">What the tag names since; null for nothing.</param>
internal readonly record struct TagEffect(bool IsDone, string? Digest)
{
    public static TagEffect None { get; } = new(false, null);

    public static TagEffect Removed { get; } = new(true, null);

    public static TagEffect Named(string digest) => new(true, digest);

    /// <summary>Whether the ledger says the same of the tag.</summary>
    public bool Agrees(TagEntry? entry) => !IsDone || entry?.Digest == Digest;
}
