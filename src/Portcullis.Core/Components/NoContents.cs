namespace Portcullis.Core.Components;

/// <summary>The content index of somebody who has read no other image.</summary>
public sealed class NoContents : IContentIndex
{
    public static NoContents Instance { get; } = new();

    public IReadOnlyList<KnownContent> Of(string sha256) => [];
}
