using Portcullis.Clients.Registry;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Registries;

/// <summary>Asks a registry whether it answers and what it has.</summary>
internal sealed class RegistryReconciler(RegistryConnections connections, GatewayCertificates gateways, IStore<Repository> repositories, IStore<TagLedger> ledgers, TimeProvider time)
    : IReconciler<Registry, RegistryStatus>
{
    public async Task<Reconciled<RegistryStatus>> ReconcileAsync(Registry resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        var name = resource.Key.Name;
        var gateway = gateways.AskAsync(resource.Spec.Host, cancellationToken);
        var seen = new RegistryReadBack
        {
            Host = resource.Spec.Host,
            Declared = [.. repositories.List().Where(r => r.Spec.Registry == name).Select(r => r.Spec.Name).Distinct(StringComparer.Ordinal)],
            Tags = ledgers.List().Where(l => l.Spec.Registry == name).Sum(l => l.Spec.Entries.Count(TagEntries.IsImage)),
            AnsweredBefore = resource.Status?.AnsweredAt,
            Authentication = AuthenticationOf(resource.Spec.Upstream),
        };
        var asked = await AskAsync(name, seen, cancellationToken);
        return RegistryJudge.Judge(asked with { Gateway = await gateway }, time.GetUtcNow());
    }

    private async Task<RegistryReadBack> AskAsync(string registry, RegistryReadBack seen, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await connections.ConnectAsync(registry, cancellationToken);
            var catalogue = await connection.Client.Tags.ListRepositoriesAsync(cancellationToken);
            return seen with { Catalogue = catalogue, CertificateExpiresAt = connection.CertificateExpiresAt };
        }
        catch (RegistryUnavailableException e)
        {
            return seen with { Problem = new Problem(e.Reason, "spec.upstream", e.Message) };
        }
        catch (RegistryException e)
        {
            var reason = e.Kind is RegistryFailure.Unauthorized or RegistryFailure.Denied ? RegistryReasons.NotAuthorized : RegistryReasons.Unreachable;
            return seen with { Problem = new Problem(reason, "spec.upstream", e.Message) };
        }
    }

    private static string AuthenticationOf(RegistryUpstream upstream) =>
        upstream.SigningSecretRef is not null ? "Token" : upstream.CredentialsSecretRef is not null ? "Basic" : "None";
}
