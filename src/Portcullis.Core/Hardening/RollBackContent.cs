namespace Portcullis.Core.Hardening;

/// <summary>What daemon.json is rolled back to: our keys as they last were good, and what others have written since as they wrote it.</summary>
public static class RollBackContent
{
    /// <param name="present">The file that the engine did not run with.</param>
    /// <param name="good">The file as it last was when the engine ran with it.</param>
    /// <param name="ours">The keys that are ours or were then.</param>
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
