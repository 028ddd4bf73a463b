namespace Portcullis.Clients.Registry;

/// <summary>What became of the wish to delete a tag.</summary>
public enum TagDeletion
{
    Deleted,

    /// <summary>It was not there.</summary>
    NotFound,

    /// <summary>This registry deletes no tags, only manifests by digest with all their tags (docker-registry 2.8).</summary>
    Unsupported,
}
