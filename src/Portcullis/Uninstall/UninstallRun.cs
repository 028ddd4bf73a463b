using System.Collections.Concurrent;
using System.Globalization;
using Portcullis.Core;
using Portcullis.Errors;
using Portcullis.Http.Retries;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Uninstall;

/// <summary>
/// Does the steps one after the other and prints a line for each. A removal that fails is named and stops nothing; done again, the run continues
/// with what is left.
/// </summary>
internal sealed class UninstallRun(IReadOnlyList<IRemovalStep> steps, TextWriter output, TextWriter error, TimeProvider time)
{
    /// <summary>Of one step: the rest is counted.</summary>
    private const int NamedFailures = 10;

    /// <summary>Several seconds together: so long may an API server go on calling webhooks that are deleted.</summary>
    private const int Attempts = 6;

    private const int AtOnce = 32;
    private static readonly BackOff Pauses = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(3));

    private readonly HashSet<ExitCode> _failures = [];

    /// <summary>What is known to be left: objects, and titles of steps that cannot be read.</summary>
    private readonly HashSet<string> _left = new(StringComparer.Ordinal);

    /// <summary>What is to do: each step's title with the names of its objects, without a change.</summary>
    public async Task<IReadOnlyList<(string Title, IReadOnlyList<string> Objects)>> PlanAsync(CancellationToken cancellationToken)
    {
        var plan = new List<(string, IReadOnlyList<string>)>();
        foreach (var step in steps)
        {
            plan.Add((step.Title, [.. (await step.FindAsync(cancellationToken)).Select(r => r.What)]));
        }

        return plan;
    }

    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        foreach (var step in steps)
        {
            await StepAsync(step, cancellationToken);
        }

        await LookAgainAsync(cancellationToken);
        return _failures.Count == 0 ? ExitCode.Done : _failures.Max();
    }

    private async Task StepAsync(IRemovalStep step, CancellationToken cancellationToken)
    {
        IReadOnlyList<Removal> found = [];
        var isRead = await TryAsync(async token => found = await step.FindAsync(token), cancellationToken);
        if (isRead is { } unread)
        {
            Failed(unread);
            _left.Add(step.Title);
            await output.WriteLineAsync($"{step.Title}: not read");
            await error.WriteLineAsync($"portcullis: cannot find {step.Title}: {unread.Message}");
            return;
        }

        var failed = new ConcurrentBag<(string What, Exception Reason)>();
        await Parallel.ForEachAsync(found, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (removal, token) =>
        {
            if (await TryAsync(removal.RunAsync, token) is { } reason)
            {
                failed.Add((removal.What, reason));
            }
        });
        await output.WriteLineAsync(Line(step.Title, found.Count - failed.Count, failed.Count));
        await NameAsync([.. failed]);
    }

    /// <summary>What is there after it was gone was put back, which a look at the very moment need not show.</summary>
    private async Task LookAgainAsync(CancellationToken cancellationToken)
    {
        foreach (var step in steps.Where(s => !_left.Contains(s.Title)))
        {
            IReadOnlyList<Removal> found = [];
            var unread = await TryAsync(async token => found = await step.FindAsync(token), cancellationToken);
            await NameAsync([.. found.Where(r => !_left.Contains(r.What)).Select(r => (r.What, (Exception)new StillThereException(InstalledCluster.PutBack)))]);
            if (unread is not null)
            {
                Failed(unread);
                await error.WriteLineAsync($"portcullis: cannot look again for {step.Title}: {unread.Message}");
            }
        }
    }

    private static string Line(string title, int removed, int failed) => (removed, failed) switch
    {
        (0, 0) => $"{title}: none",
        (_, 0) => string.Create(CultureInfo.InvariantCulture, $"{title}: {removed} removed"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{title}: {removed} removed, {failed} failed"),
    };

    private async Task NameAsync(List<(string What, Exception Reason)> failed)
    {
        foreach (var (what, reason) in failed.OrderBy(f => f.What, StringComparer.Ordinal).Take(NamedFailures))
        {
            await error.WriteLineAsync($"portcullis: cannot remove {what}: {reason.Message}");
        }

        if (failed.Count > NamedFailures)
        {
            await error.WriteLineAsync($"portcullis: cannot remove {Pluralize.Of(failed.Count - NamedFailures, "more object")}");
        }

        foreach (var (what, reason) in failed)
        {
            _left.Add(what);
            Failed(reason);
        }
    }

    private void Failed(Exception reason) => _failures.Add(reason is HttpRequestException ? ExitCode.Unreachable : ExitCode.Finding);

    /// <summary>The reason of a failure; null when it is done.</summary>
    private async Task<Exception?> TryAsync(Func<CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await act(cancellationToken);
                return null;
            }
            catch (KubernetesApiException e) when ((e.IsTransient || e.IsConflict) && attempt < Attempts)
            {
                await Task.Delay(Pauses.After(attempt), time, cancellationToken);
            }
            catch (KubernetesApiException e) when (e.IsNotFound)
            {
                // Somebody else took it off, or its kind.
                return null;
            }
            catch (Exception e) when (e is KubernetesApiException or HttpRequestException or StillThereException)
            {
                return e;
            }
        }
    }
}
