using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portcullis.Errors;
using Portcullis.Kubernetes.Leadership;
using Portcullis.Processes;

namespace Portcullis.Operator;

/// <summary>
/// Runs operators one after another in this process. One that loses its leadership, because the API server was away for longer than the lease,
/// ends as a whole, and the next stands for election with nothing remembered, as a process that is started again does.
/// </summary>
internal sealed class OperatorTerms(Func<IHost> build)
{
    /// <summary>Until cancelled, or until an operator ends for another reason than its leadership.</summary>
    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            using var host = build();
            await StartAsync(host, cancellationToken);
            await HostEnd.UntilEndedAsync(host, cancellationToken);
            await host.StopAsync(CancellationToken.None);
            if (cancellationToken.IsCancellationRequested)
            {
                return ExitCode.Done;
            }

            if (!host.Services.GetRequiredService<Leader>().Lost.IsCancellationRequested || !IsAtRest(host))
            {
                return ExitCode.Unreachable;
            }
        }
    }

    /// <summary>What had started before the part that failed is stopped in order, so that it gives its lease back.</summary>
    private static async Task StartAsync(IHost host, CancellationToken cancellationToken)
    {
        try
        {
            await host.StartAsync(cancellationToken);
        }
        catch
        {
            await host.StopAsync(CancellationToken.None);
            throw;
        }
    }

    /// <summary>False when a part did not stop in time: it could still act without the lease, so the process must end.</summary>
    private static bool IsAtRest(IHost host) => host.Services.GetServices<IHostedService>()
        .OfType<BackgroundService>()
        .All(s => s.ExecuteTask is null or { IsCompleted: true });
}
