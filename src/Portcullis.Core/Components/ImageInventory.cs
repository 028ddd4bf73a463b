namespace Portcullis.Core.Components;

/// <summary>All that was found in one image, of one platform.</summary>
public sealed record ImageInventory
{
    /// <summary>The digests of the layers' blobs, the lowest first.</summary>
    public required IReadOnlyList<string> Layers { get; init; }

    /// <summary>Null when the image has no distribution, as one made from scratch.</summary>
    public Distribution? Distribution { get; init; }

    /// <summary>By layer, format, name and version.</summary>
    public required IReadOnlyList<LocatedComponent> Components { get; init; }

    /// <summary>What could not be read. An image with any is never taken for free of anything.</summary>
    public IReadOnlyList<InventoryProblem> Problems { get; init; } = [];

    public bool IsComplete => Problems.Count == 0;
}

/// <summary>A part of an image that could not be read.</summary>
/// <param name="Layer">The index of the layer.</param>
/// <param name="Path">The file; empty when it is the layer itself.</param>
/// <param name="Message">What is wrong with it.</param>
public sealed record InventoryProblem(int Layer, string Path, string Message);
