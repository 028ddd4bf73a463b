namespace Portcullis.Core.Components;

/// <summary>The distribution of an image, as its os-release names it (os-release(5)).</summary>
/// <param name="Id">The field ID, for example debian.</param>
/// <param name="Version">The field VERSION_ID, for example 12 or 3.18.4; empty for a rolling one.</param>
public sealed record Distribution(string Id, string Version)
{
    /// <summary>The field ID_LIKE: the distributions that it derives from, the nearest first.</summary>
    public IReadOnlyList<string> Like { get; init; } = [];

    /// <summary>The field PRETTY_NAME; empty when there is none.</summary>
    public string Title { get; init; } = "";
}
