using Portcullis.ApiServer.Storage;

namespace Portcullis.ApiServer.Admission.Quotas;

/// <summary>
/// What has been promised to creates that are not stored yet, so that two of them cannot both take the last place. A promise ends
/// when its object is stored, or after a while if it never is (a later check refused it).
/// </summary>
internal sealed class QuotaLedger(IObjectStore store, TimeProvider time)
{
    /// <summary>Longer than any request may take.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, List<Promise>> _promises = new(StringComparer.Ordinal);

    /// <summary>Held while a namespace's quotas are checked and a promise is made.</summary>
    public Lock Checking { get; } = new();

    public void Add(ApiResource resource, ObjectKey key, IReadOnlyDictionary<string, Quantity> usage, Func<QuotaScopes, bool> matches)
    {
        if (!_promises.TryGetValue(key.Namespace, out var list))
        {
            _promises[key.Namespace] = list = [];
        }

        list.Add(new Promise(resource, key, usage, matches, time.GetUtcNow() + Lifetime));
    }

    /// <summary>One name can be created once: a second try takes the place of the first.</summary>
    public void Forget(ApiResource resource, ObjectKey key)
    {
        if (_promises.TryGetValue(key.Namespace, out var list))
        {
            _ = list.RemoveAll(promise => promise.Resource.QualifiedPlural == resource.QualifiedPlural && promise.Key == key);
        }
    }

    /// <summary>Adds to a sum what is promised of the resources in it.</summary>
    public void AddTo(SortedDictionary<string, Quantity> sum, string @namespace, QuotaScopes scopes)
    {
        if (!_promises.TryGetValue(@namespace, out var list))
        {
            return;
        }

        var now = time.GetUtcNow();
        _ = list.RemoveAll(promise => promise.Until <= now || store.Get(promise.Resource, promise.Key) is not null);
        if (list.Count == 0)
        {
            _ = _promises.Remove(@namespace);
        }

        foreach (var promise in list)
        {
            foreach (var (name, amount) in promise.Usage)
            {
                if (sum.ContainsKey(name) && promise.Matches(scopes))
                {
                    ResourceAmounts.Add(sum, name, amount);
                }
            }
        }
    }

    private sealed record Promise(
        ApiResource Resource, ObjectKey Key, IReadOnlyDictionary<string, Quantity> Usage, Func<QuotaScopes, bool> Matches, DateTimeOffset Until);
}
