using Portcullis.ApiServer.Storage;

namespace Portcullis.ApiServer.Controllers;

/// <summary>
/// Keeps one promise of the API by comparing what is with what should be. Events only name the keys to process; it acts
/// only on the state that it then reads, so lost or doubled events do no harm.
/// </summary>
internal interface IBuiltInController
{
    /// <summary>Whom its writes are by.</summary>
    string Name { get; }

    /// <summary>Every key that exists, for the first pass after a start.</summary>
    IEnumerable<string> AllKeys();

    /// <summary>The keys that a change may concern. Called for every change, in order, from one thread.</summary>
    IEnumerable<string> KeysFor(StoreEvent change);

    /// <summary>Reconciles one key. Returns when to do so again although nothing changes; null for never.</summary>
    Task<TimeSpan?> ReconcileAsync(string key, CancellationToken cancellationToken);
}
