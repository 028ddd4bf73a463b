using Portcullis.Core.Components;

namespace Portcullis.Scans;

/// <summary>What a manifest leads to.</summary>
internal abstract record ImageContent
{
    private ImageContent()
    {
    }

    /// <summary>An image, with what was found in it.</summary>
    public sealed record Image(ImageInventory Inventory) : ImageContent
    {
        /// <summary>The digest of the evidence from which that is known; null when it is from elsewhere.</summary>
        public string? Evidence { get; init; }
    }

    /// <summary>An index of these images.</summary>
    public sealed record Index(IReadOnlyList<string> Images) : ImageContent;

    /// <summary>Something that has no files to look into, such as a signature or a chart.</summary>
    public sealed record Other(string What) : ImageContent;

    /// <summary>It cannot be read.</summary>
    public sealed record Failed(string Why) : ImageContent;
}
