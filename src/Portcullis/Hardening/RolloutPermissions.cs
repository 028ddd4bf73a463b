using System.Text.Json.Nodes;
using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Core.Hardening;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Hardening;

/// <summary>Permits nodes to restart their engine, as many at a time as <see cref="RolloutGate"/> allows: the only thing that is written to them.</summary>
internal sealed class RolloutPermissions(HardeningGatherer gatherer, ActionRunner runner, KubernetesClient client, TimeProvider time)
    : IActionExecutor<RestartPermission>, IDisposable
{
    private static readonly WriteOptions Writer = new(WellKnown.Managers.Hardening);

    // Permissions are counted and given one after the other, whichever NodeHardening is reconciled.
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>The failures; nothing is written when nobody waits.</summary>
    public async Task<IReadOnlyList<ActionResult.Failed>> GiveAsync(CancellationToken cancellationToken)
    {
        if (!gatherer.Reports().Any(RolloutGate.Waits))
        {
            return [];
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            var reports = await gatherer.ReadReportsAsync(cancellationToken);
            var permissions = RolloutGate.Next(gatherer.Hardenings(), gatherer.Nodes(), reports, time.GetUtcNow());
            var results = await runner.RunAsync("nodehardening", permissions, this, cancellationToken);
            return [.. results.OfType<ActionResult.Failed>()];
        }
        finally
        {
            _gate.Release();
        }
    }

    public Task<Attribution?> AttributeAsync(RestartPermission action, CancellationToken cancellationToken) => Task.FromResult<Attribution?>(null);

    public Task ExecuteAsync(RestartPermission action, CancellationToken cancellationToken) => client.MergePatchAsync(
        NodeReport.Definition,
        ObjectKey.Cluster(action.Node),
        new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [RolloutGate.Annotation] = action.RestartId } } },
        Writer,
        cancellationToken);

    public void Dispose() => _gate.Dispose();
}
