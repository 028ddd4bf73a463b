using Portcullis.Errors;
using Portcullis.Http.Retries;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Up;

/// <summary>Shows the resources until the run is stopped, or until everything has converged when <c>--once</c> was given.</summary>
internal sealed class ResourceWatch(UpOptions options, IUpDisplay display, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>The resources as last read.</summary>
    public IReadOnlyList<ResourceRow> Rows { get; private set; } = [];

    public async Task<ExitCode> RunAsync(ResourceTable table, Convergence convergence, CancellationToken cancellationToken)
    {
        var deadline = time.Monotonic() + options.Within;
        while (true)
        {
            Rows = await ReadAsync(table, cancellationToken);
            display.Rows(Rows);
            if (options.Once && ResultOf(convergence, deadline) is { } result)
            {
                return result;
            }

            try
            {
                await Task.Delay(Interval, time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return options.Once ? ExitCode.Finding : ExitCode.Done;
            }
        }
    }

    /// <summary>Null while there is reason to wait.</summary>
    private ExitCode? ResultOf(Convergence convergence, TimeSpan deadline)
    {
        if (convergence.IsReached(Rows))
        {
            return ExitCode.Done;
        }

        return time.Monotonic() > deadline || convergence.HasFailed(Rows) ? ExitCode.Finding : null;
    }

    /// <summary>When the API cannot be read (it is busy: a request that times out is cancelled too), the resources stay as last read.</summary>
    private async Task<IReadOnlyList<ResourceRow>> ReadAsync(ResourceTable table, CancellationToken cancellationToken)
    {
        try
        {
            return await table.ReadAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or KubernetesApiException or OperationCanceledException)
        {
            return Rows;
        }
    }
}
