using Portcullis.Kubernetes.Stores;

namespace Portcullis.Kubernetes.Declarations;

/// <summary>Whether it is known of the objects of a kind what is declared of them.</summary>
public interface IDeclaredStore
{
    /// <summary>False while there are objects that are edited, or may be, and of which no declared content is remembered.</summary>
    bool IsSettled { get; }

    /// <summary>Calls back when it became known of an object what is declared, or unknown. Dispose to stop.</summary>
    IDisposable WhenUnsettledChange(Action react);
}

/// <summary>The objects of a kind as they are declared, and those of which that is not known.</summary>
public interface IDeclaredStore<T> : IStore<T>, IDeclaredStore
    where T : class
{
    /// <summary>
    /// Objects, as the server has them, that are or may be declared otherwise, and of which no declared content is remembered: edited while no
    /// process of ours ran. What depends on them stays as it is.
    /// </summary>
    IReadOnlyList<T> Unsettled();
}
