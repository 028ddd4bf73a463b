namespace Portcullis.Schemas.Crds;

/// <summary>One field of a kind in the reference.</summary>
/// <param name="Path">From <c>spec</c> or <c>status</c>, with <c>[]</c> for the members of a list and <c>{}</c> for the values of a map.</param>
/// <param name="Type">Its type, permitted values, bounds and default.</param>
/// <param name="Description">What it is for; null when nothing is said.</param>
internal sealed record FieldRow(string Path, string Type, string? Description)
{
    public bool IsRequired { get; init; }

    /// <summary>What its CEL rules say to who breaks them.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];
}
