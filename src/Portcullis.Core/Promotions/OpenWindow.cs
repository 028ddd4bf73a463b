using Portcullis.Objects.Json;

namespace Portcullis.Core.Promotions;

/// <summary>A freeze window that is open.</summary>
/// <param name="Names">Its name, and those of the windows that open before it ends, or as it ends.</param>
/// <param name="Until">When the last of them ends; null when a schedule cannot be read on this machine.</param>
public sealed record OpenWindow(IReadOnlyList<string> Names, DateTimeOffset? Until)
{
    /// <summary>True when it was not looked further ahead: it is open until then at least.</summary>
    public bool MayGoOn { get; init; }

    public string Describe() => Until is { } until
        ? $"{(Names.Count == 1 ? $"the freeze window {Names[0]} is" : $"the freeze windows {string.Join(", ", Names)} are")} open until {(MayGoOn ? "at least " : "")}{KubernetesJson.Time(until)}"
        : $"the schedule of the freeze window {Names[0]} cannot be read on this machine";
}
