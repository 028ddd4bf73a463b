using Portcullis.Clients.Registry;
using Portcullis.Core.Registries.Requests;
using Portcullis.Core.Repositories;

namespace Portcullis.Repositories.Writes;

/// <summary>A tag whose image is made of the one that it names, such as a list that grows.</summary>
/// <param name="Repository">The repository.</param>
/// <param name="Tag">The tag.</param>
/// <param name="Change">
/// What becomes of the present image (null: there is no such tag). Called again whenever somebody else wrote the tag in between; it has no effects of its own.
/// </param>
internal sealed record TagAmendment(RepositoryId Repository, string Tag, Func<RegistryManifest?, TagChange> Change)
{
    /// <summary>Who asks for it; null for nobody in particular.</summary>
    public string? Author { get; init; }
}

/// <summary>What becomes of a tag.</summary>
internal abstract record TagChange
{
    private TagChange()
    {
    }

    /// <summary>It stays as it is.</summary>
    public sealed record Keep : TagChange;

    /// <summary>It names this image from now on.</summary>
    public sealed record Write(RegistryManifest Manifest) : TagChange;

    /// <summary>It may not be changed in this way.</summary>
    public sealed record Refuse(RegistryError Error) : TagChange;
}
