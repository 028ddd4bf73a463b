namespace Portcullis.Core.Kinds;

/// <summary>
/// An object that was reported as wrong and is left out: what others say of it cannot be judged. Its name is null where it has none, its kind
/// where not even that could be read.
/// </summary>
public sealed record BrokenManifest(string? Kind, string? Name)
{
    /// <summary>Stands for whatever a text may hold that does not read.</summary>
    public static BrokenManifest Anything { get; } = new(null, null);
}
