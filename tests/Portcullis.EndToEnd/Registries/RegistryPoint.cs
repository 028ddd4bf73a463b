using Portcullis.EndToEnd.Programs;
using Portcullis.Testing.Faults;

namespace Portcullis.EndToEnd.Registries;

/// <summary>A write of an undisturbed run to the API or to the registry: the nth of its name.</summary>
internal sealed record RegistryPoint(string Write, int Nth, KillMoment Moment)
{
    public override string ToString() => $"{Write} #{Nth} {Moment}";

    /// <summary>Every point of the requests, in their order.</summary>
    public static IReadOnlyList<RegistryPoint> Of(IEnumerable<string> writes)
    {
        var numbered = writes.GroupBy(w => w, StringComparer.Ordinal).SelectMany(g => g.Select((w, i) => (Write: w, Nth: i + 1))).ToList();
        return [.. Enum.GetValues<KillMoment>().SelectMany(m => numbered.Select(n => new RegistryPoint(n.Write, n.Nth, m)))];
    }

    /// <summary>Kills the program at this point, once it comes to it; completes then.</summary>
    /// <param name="proxies">Before the API and before the registry.</param>
    /// <param name="repository">Whose writes are meant.</param>
    /// <param name="program">Which is killed.</param>
    public Task Arm(IReadOnlyList<FaultProxy> proxies, string repository, PortcullisProcess program)
    {
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = Nth;
        foreach (var proxy in proxies)
        {
            proxy.Faults.KillAt(r => NameOf(r, repository) == Write && Interlocked.Decrement(ref left) == 0, 1, Moment, () =>
            {
                program.Kill();
                killed.TrySetResult();
            });
        }

        return killed.Task;
    }

    /// <summary>What a write does to tags, their ledger and their notifications, the same for each image; null for any other request.</summary>
    public static string? NameOf(SeenRequest request, string repository)
    {
        if (!request.IsWrite)
        {
            return null;
        }

        var path = request.Path;
        if (path.Contains("/tagledgers", StringComparison.Ordinal))
        {
            return "ledger";
        }

        if (path.Contains("/webhookdeliveries", StringComparison.Ordinal))
        {
            return path.EndsWith("/status", StringComparison.Ordinal) ? "delivery's status" : $"{request.Method} delivery";
        }

        var own = $"/v2/{repository}/";
        return !path.StartsWith(own, StringComparison.Ordinal) ? null
            : path[own.Length..].Split('/') is ["manifests", var reference] ? $"{request.Method} manifest {KindOf(reference)}"
            : $"{request.Method} blob";
    }

    private static string KindOf(string reference) => reference.StartsWith("sha256:", StringComparison.Ordinal) ? "by digest" : reference.StartsWith("sha256-", StringComparison.Ordinal) ? "list" : "tag";
}
