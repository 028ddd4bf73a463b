namespace Portcullis.Kubernetes.Declarations;

/// <summary>Says which objects of the server are what somebody declared. Any thread may ask.</summary>
public interface IDeclarations
{
    /// <summary><paramref name="reported"/>: what the object's own status says was declared.</summary>
    DeclarationState Of<T>(T resource, Declaration? reported)
        where T : class, IResource<T>;

    /// <summary>Whether an object that the server does not have is declared all the same, so that it will be made again.</summary>
    bool DeclaresMissing(ApiResource resource, ObjectKey key);

    /// <summary>Calls back when the answers for an object, or for all, may have changed. Dispose to stop.</summary>
    IDisposable Subscribe(Action<DeclarationChange> react);

    /// <summary>Who changed an object last, as the end of a sentence: <c>by user ann</c>.</summary>
    Task<string> WhoChangedAsync(ApiResource resource, ObjectKey key, CancellationToken cancellationToken);
}

/// <summary>The answers for one object may have changed, or, where nothing is named, all.</summary>
public sealed record DeclarationChange(string? Group = null, string? Kind = null, ObjectKey? Key = null)
{
    public bool Concerns(ApiResource resource) => Kind is null || (resource.Group == Group && resource.Kind == Kind);
}
