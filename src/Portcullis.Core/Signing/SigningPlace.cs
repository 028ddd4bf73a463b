namespace Portcullis.Core.Signing;

/// <summary>Where an image is to run.</summary>
/// <param name="Namespace">Null outside of any, as for a pull.</param>
/// <param name="Collection">The path of the namespace's collection; null when it is in none.</param>
public sealed record SigningPlace(string? Namespace, string? Collection)
{
    /// <summary>Every policy that covers the image in some place holds there.</summary>
    public static SigningPlace Anywhere { get; } = new(null, null) { IsAnywhere = true };

    /// <summary>Policies for collections and namespaces do not hold there.</summary>
    public static SigningPlace Nowhere { get; } = new(null, null);

    public bool IsAnywhere { get; private init; }
}
