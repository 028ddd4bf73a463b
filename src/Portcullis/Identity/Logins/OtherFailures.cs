using System.Runtime.CompilerServices;
using System.Text.Json;
using Portcullis.Core;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Identity.Logins;

/// <summary>Reads what other copies counted, from the store: within a second of a failure there.</summary>
internal sealed class OtherFailures(IStore<FailedLoginMap> maps, GatewayCopy self) : IOtherFailures
{
    // A store hands out one object until it changes, so each is read once.
    private readonly ConditionalWeakTable<FailedLoginMap, ILookup<string, FailureCount>> _read = [];

    public IEnumerable<FailureCount> Of(string who) =>
        maps.Get(new ObjectKey(WellKnown.SystemNamespace, FailedLoginMap.Name)) is { } map ? _read.GetValue(map, Read)[who] : [];

    private ILookup<string, FailureCount> Read(FailedLoginMap map) =>
        (map.Data ?? new Dictionary<string, string>()).Where(d => d.Key != self.Name).SelectMany(d => Parse(d.Value)).ToLookup(f => f.Who, StringComparer.Ordinal);

    /// <summary>Nothing of what cannot be read: somebody's mistake in the object must not keep others from logging in.</summary>
    internal static IReadOnlyList<FailureCount> Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, FailedLoginsJsonContext.Default.IReadOnlyListFailureCount) is { } read
                ? [.. read.Where(f => f is { Who: not null, Count: > 0 })]
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
