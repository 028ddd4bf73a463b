namespace Portcullis.Core.Repositories;

/// <summary>A repository of a registry: the Registry object's name, and the repository as in the image name.</summary>
public readonly record struct RepositoryId(string Registry, string Name) : IComparable<RepositoryId>
{
    public int CompareTo(RepositoryId other) => string.CompareOrdinal(Registry, other.Registry) is var order && order != 0 ? order : string.CompareOrdinal(Name, other.Name);

    public override string ToString() => $"{Registry}/{Name}";
}
