using Portcullis.Objects.Json;

namespace Portcullis.Core.Promotions;

/// <summary>A freeze window that is open.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Until">When it ends, if it does not begin anew before that; null when its schedule cannot be read on this machine.</param>
public sealed record OpenWindow(string Name, DateTimeOffset? Until)
{
    public string Describe() => Until is { } until
        ? $"the freeze window {Name} is open until {KubernetesJson.Time(until)}"
        : $"the schedule of the freeze window {Name} cannot be read on this machine";
}
