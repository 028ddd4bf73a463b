using Portcullis.ApiServer.Storage;

namespace Portcullis.ApiServer.Controllers;

/// <summary>
/// Keeps one promise of the API by comparing what is with what should be. Told by events which keys to look at; what it finds when
/// it looks is all it acts on, so lost or doubled events do no harm.
/// </summary>
internal interface IBuiltInController
{
    /// <summary>Whom its writes are by.</summary>
    string Name { get; }

    /// <summary>Every key there is to look at, for the first pass after a start.</summary>
    IEnumerable<string> AllKeys();

    /// <summary>The keys that a change may concern. Called for every change, in order, from one thread.</summary>
    IEnumerable<string> KeysFor(StoreEvent change);

    /// <summary>Puts one key right. Returns when to look again though nothing changes; null for never.</summary>
    Task<TimeSpan?> ReconcileAsync(string key, CancellationToken cancellationToken);
}
