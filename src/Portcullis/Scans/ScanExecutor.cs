using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Core.Repositories;
using Portcullis.Core.Scans;
using Portcullis.Kubernetes.Client;
using Portcullis.Repositories.Writes;

namespace Portcullis.Scans;

/// <summary>Writes and removes the ImageScans of one repository. They go with the Repository that owns them.</summary>
internal sealed class ScanExecutor(Repository repository, KubernetesClient client) : IActionExecutor<ScanAction>
{
    private static readonly WriteOptions Write = new(WellKnown.Managers.Scans);

    public Task<Attribution?> AttributeAsync(ScanAction action, CancellationToken cancellationToken) => Task.FromResult<Attribution?>(null);

    public Task ExecuteAsync(ScanAction action, CancellationToken cancellationToken) => action switch
    {
        ScanAction.Ask ask => CreateAsync(ask.Digest, cancellationToken),
        ScanAction.Forget forget => client.DeleteAsync(ImageScan.Definition, forget.Scan, new DeleteOptions(), cancellationToken),
        _ => throw new InvalidOperationException($"{action.GetType().Name} is no action on scans"),
    };

    private async Task CreateAsync(string digest, CancellationToken cancellationToken)
    {
        var id = DeclaredRepositories.IdOf(repository);
        var spec = new ImageScanSpec { Registry = id.Registry, Repository = id.Name, Digest = digest };
        var body = new JsonObject
        {
            ["apiVersion"] = ImageScan.Definition.ApiVersion,
            ["kind"] = ImageScan.Definition.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = ImageScanNames.Key(id, digest).Name,
                ["labels"] = new JsonObject { [WellKnown.Labels.ManagedBy] = WellKnown.Labels.ManagedByValue, [ImageScanNames.RepositoryLabel] = LedgerShards.HashOf(id) },
                ["ownerReferences"] = new JsonArray(Owner()),
            },
            ["spec"] = JsonSerializer.SerializeToNode(spec, ScansJsonContext.Default.ImageScanSpec),
        };
        try
        {
            await client.CreateAsync(ImageScan.Definition, body, Write, cancellationToken);
        }
        catch (KubernetesApiException e) when (e.Reason == "AlreadyExists")
        {
            // Asked for before a crash, or the watch has not shown it yet.
        }
    }

    private JsonObject Owner() => new JsonObject
    {
        ["apiVersion"] = Repository.Definition.ApiVersion,
        ["kind"] = Repository.Definition.Kind,
        ["name"] = repository.Key.Name,
        ["uid"] = repository.Metadata.Uid,
    };
}
