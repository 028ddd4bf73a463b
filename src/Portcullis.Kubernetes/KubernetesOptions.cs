using Portcullis.Http.Messages;

namespace Portcullis.Kubernetes;

/// <summary>What the runtime must know about the product that runs on it.</summary>
public sealed class KubernetesOptions
{
    /// <summary>Begins field managers and metric names and is the source of Events.</summary>
    public string Product { get; set; } = "portcullis";

    /// <summary>Kept on every object whose reconciler is an <c>IFinalizer</c>.</summary>
    public string Finalizer { get; set; } = "finalizers.portcullis.dev";

    /// <summary>Annotations whose new value means: reconcile now.</summary>
    public IReadOnlyList<string> RequestAnnotations { get; set; } = ["portcullis.dev/requestedAt", "reconcile.fluxcd.io/requestedAt"];

    /// <summary>An annotation with a time: until then nothing is done for the object. Longer than <see cref="LongestPause"/> ahead it does not count.</summary>
    public string PauseAnnotation { get; set; } = "portcullis.dev/pause-until";

    public TimeSpan LongestPause { get; set; } = TimeSpan.FromHours(4);

    /// <summary>Cleans every message before it is shown anywhere: no secrets, no endless texts.</summary>
    public Func<string, string> Sanitize { get; set; } = MessageSanitizer.Clean;

    /// <summary>
    /// How many requests are under way at once where one reconcile writes many objects. Well below the seats that API priority and fairness
    /// gives a service account by default.
    /// </summary>
    public int ParallelRequests { get; set; } = 64;

    /// <summary>Null: this process alone is in charge. Otherwise controllers run only while it holds the Lease.</summary>
    public LeaderElectionOptions? LeaderElection { get; set; }
}
