using Microsoft.AspNetCore.Http;
using Portcullis.Core.Identity;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;

namespace Portcullis.Gateway;

/// <summary>A request that was allowed: who sends it, and to which registry.</summary>
/// <param name="Http">The request and its answer.</param>
/// <param name="Registry">The registry that it is for.</param>
/// <param name="Caller">Who sends it.</param>
internal sealed record GatewayExchange(HttpContext Http, Registry Registry, GatewayCaller Caller)
{
    /// <summary>What Git declares of the repository that it is about; null when it is about none.</summary>
    public Repository? Repository { get; init; }

    /// <summary>Ends with the client's connection.</summary>
    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>The name that the ledger and webhooks show; null for nobody in particular.</summary>
    public string? Author => Caller.User?.Name;

    public RepositoryId IdOf(string repository) => new(Registry.Key.Name, repository);
}
