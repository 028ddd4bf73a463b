namespace Portcullis.Kubernetes.Declarations;

/// <summary>What the controller loop of a kind asks before it acts on an object.</summary>
internal interface IDeclarationGate<T>
    where T : class
{
    DeclarationState Of(T resource);

    /// <summary>Calls back with each object whose state may have changed though the object did not. Dispose to stop.</summary>
    IDisposable Subscribe(Action<ObjectKey> react);

    /// <summary>Who changed an object last, as the end of a sentence.</summary>
    Task<string> WhoChangedAsync(ObjectKey key, CancellationToken cancellationToken);
}
