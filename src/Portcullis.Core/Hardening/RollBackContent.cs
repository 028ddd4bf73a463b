namespace Portcullis.Core.Hardening;

/// <summary>The content that daemon.json is rolled back to: our keys as they last were good, and all other keys as they are now.</summary>
public static class RollBackContent
{
    /// <param name="present">The file that the engine did not run with.</param>
    /// <param name="good">The file as it was when the engine last ran with it.</param>
    /// <param name="ours">The keys that are ours now or were then.</param>
    public static DaemonJson Of(DaemonFile present, DaemonJson good, IReadOnlyCollection<string> ours)
    {
        if (present is not DaemonFile.Json json)
        {
            return good;
        }

        return json.Content.With(
            ours.Where(k => good.Values[k] is not null).ToDictionary(k => k, k => good.Values[k]!, StringComparer.Ordinal),
            ours.Where(k => good.Values[k] is null).ToHashSet(StringComparer.Ordinal));
    }
}
