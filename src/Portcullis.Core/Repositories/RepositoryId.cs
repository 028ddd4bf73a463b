namespace Portcullis.Core.Repositories;

/// <summary>A repository of a registry: the Registry object's name, and the repository as in the image name.</summary>
public readonly record struct RepositoryId(string Registry, string Name)
{
    public override string ToString() => $"{Registry}/{Name}";
}
