using Portcullis.Core.Signing;

namespace Portcullis.Images;

/// <summary>The name of an image in a registry, as Docker writes it, and where it is asked for: what Docker calls docker.io is served by another host.</summary>
/// <param name="Host">Host and port of the registry.</param>
/// <param name="Repository">Without the host.</param>
/// <param name="Reference">The digest, else the tag, else latest.</param>
internal sealed record ImageReference(string Host, string Repository, string Reference)
{
    public const string DockerHub = "registry-1.docker.io";

    /// <summary>Null when it is no name.</summary>
    public static ImageReference? TryParse(string text) =>
        ImageName.TryParse(text) is { } name ? new(name.Host == ImageName.DockerHub ? DockerHub : name.Host, name.Repository, name.Reference) : null;
}
