namespace Portcullis.Core.Access;

/// <summary>Somebody as authentication reports him: his name and his groups.</summary>
public sealed record AccessUser(string Name)
{
    private const string ServiceAccountPrefix = "system:serviceaccount:";

    public IReadOnlyCollection<string> Groups { get; init; } = [];

    /// <summary>Whether he is meant by a subject of a grant.</summary>
    public bool Is(RbacSubject subject) => subject.Kind switch
    {
        "Group" => Groups.Contains(subject.Name),
        "ServiceAccount" => Name == $"{ServiceAccountPrefix}{subject.Namespace}:{subject.Name}",
        _ => Name == subject.Name,
    };
}
