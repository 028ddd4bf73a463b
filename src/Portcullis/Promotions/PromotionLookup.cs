using System.Globalization;
using Portcullis.Core.Kinds;
using Portcullis.Core.Promotions;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Errors;
using Portcullis.Evidence;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Promotions;

/// <summary>Explains the decisions about one tag from what a cluster has, for the command line.</summary>
internal sealed class PromotionLookup(KubernetesClient client, IImageEvidence evidence, TimeProvider time)
{
    private readonly Dictionary<RepositoryId, IReadOnlyList<TagEntry>> _ledgers = [];

    /// <param name="image">[HOST/]REPOSITORY:TAG.</param>
    /// <param name="registry">The name of the Registry; null when only one has the repository.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="CommandException">It is no image name, or there is no such repository or tag.</exception>
    public async Task<PromotionExplanation> ExplainAsync(string image, string? registry, CancellationToken cancellationToken)
    {
        var colon = image.LastIndexOf(':');
        if (colon < 0 || !TagName.IsLegal(image[(colon + 1)..]))
        {
            throw new CommandException(ExitCode.WrongInput, $"\"{image}\" is not of the form REPOSITORY:TAG");
        }

        var repositories = await ListAsync<Repository>(cancellationToken);
        var registries = await ListAsync<Registry>(cancellationToken);
        var id = RepositoryOf(image[..colon], registry, repositories, registries);
        var entry = (await LedgerAsync(id, cancellationToken)).FirstOrDefault(e => e.Tag == image[(colon + 1)..])
            ?? throw new CommandException(ExitCode.WrongInput, $"the ledger of {id.Name} has no tag {image[(colon + 1)..]}");
        var policies = await ListAsync<PromotionPolicy>(cancellationToken);
        var observations = await ObservationsAsync(id, policies, repositories, registries, cancellationToken);
        var explanation = PromotionExplanation.Of(id, entry, await ChainAsync(id, entry, cancellationToken), observations, time.GetUtcNow()) with
        {
            FoundThere = PromotionExplanation.FoundThereBy(entry, await IncomingAsync(id, policies, cancellationToken)),
        };
        return registries.FirstOrDefault(r => r.Key.Name == id.Registry) is { } declared
            ? await new RecordLookup(client, time).CheckAsync(explanation, declared, cancellationToken)
            : explanation;
    }

    private static RepositoryId RepositoryOf(string name, string? registry, IReadOnlyList<Repository> repositories, IReadOnlyList<Registry> registries)
    {
        var host = registries.FirstOrDefault(r => name.StartsWith($"{r.Spec.Host}/", StringComparison.Ordinal));
        var (path, of) = host is null ? (name, registry) : (name[(host.Spec.Host.Length + 1)..], registry ?? host.Key.Name);
        var found = repositories.Where(r => r.Spec.Name == path && (of is null || r.Spec.Registry == of)).Select(r => r.Spec.Registry).Distinct(StringComparer.Ordinal).ToList();
        if (found.Count > 1)
        {
            throw new CommandException(ExitCode.WrongInput, $"{path} is in the registries {string.Join(", ", found.Order(StringComparer.Ordinal))}: name one with --registry");
        }

        var near = Spelling.Nearest(path, [.. repositories.Select(r => r.Spec.Name).Distinct(StringComparer.Ordinal)]) is { } meant && meant != path ? $"; did you mean {meant}?" : "";
        return found.Count == 1
            ? new RepositoryId(found[0], path)
            : throw new CommandException(ExitCode.WrongInput, $"no Repository declares {path}{(of is null ? "" : string.Create(CultureInfo.InvariantCulture, $" in the Registry {of}"))}{near}");
    }

    private async Task<List<PromotionObservation>> ObservationsAsync(
        RepositoryId source, IReadOnlyList<PromotionPolicy> policies, IReadOnlyList<Repository> repositories, IReadOnlyList<Registry> registries, CancellationToken cancellationToken)
    {
        Repository? Find(string name) => repositories.FirstOrDefault(r => r.Spec.Registry == source.Registry && r.Spec.Name == name);
        var evidences = new PromotionEvidences(evidence);
        var observations = new List<PromotionObservation>();
        foreach (var policy in policies.Where(p => p.Spec.Registry == source.Registry && p.Spec.Source.Repository == source.Name))
        {
            var target = Find(policy.Spec.Target.Repository);
            var problems = PromotionProblems.Of(policy.Spec, registries.FirstOrDefault(r => r.Key.Name == source.Registry), Find(source.Name), target);
            var entries = await LedgerAsync(source, cancellationToken);
            observations.Add(problems.Count > 0
                ? new PromotionObservation(policy) { Problems = problems }
                : PromotionObservation.Of(policy, entries, await LedgerAsync(source with { Name = target!.Spec.Name }, cancellationToken), target.Spec, policies, time.GetUtcNow()) with
                {
                    Evidence = await evidences.ForAsync(policy, entries, cancellationToken),
                });
        }

        return observations;
    }

    /// <summary>The policies to a repository, each with the ledger of its source.</summary>
    private async Task<List<(PromotionPolicy Policy, IReadOnlyList<TagEntry> Source)>> IncomingAsync(
        RepositoryId target, IReadOnlyList<PromotionPolicy> policies, CancellationToken cancellationToken)
    {
        var incoming = new List<(PromotionPolicy, IReadOnlyList<TagEntry>)>();
        foreach (var policy in policies.Where(p => p.Spec.Registry == target.Registry && p.Spec.Target.Repository == target.Name))
        {
            incoming.Add((policy, await LedgerAsync(target with { Name = policy.Spec.Source.Repository }, cancellationToken)));
        }

        return incoming;
    }

    /// <summary>Reads the ledgers that the chain of promotions leads through.</summary>
    private async Task<Func<PromotionOrigin, TagEntry?>> ChainAsync(RepositoryId id, TagEntry entry, CancellationToken cancellationToken)
    {
        var found = new Dictionary<(string, string), TagEntry?>();
        for (var at = entry; at?.PromotedFrom is { } from && !found.ContainsKey((from.Repository, from.Tag));)
        {
            at = found[(from.Repository, from.Tag)] = (await LedgerAsync(id with { Name = from.Repository }, cancellationToken)).FirstOrDefault(e => e.Tag == from.Tag);
        }

        return from => found.GetValueOrDefault((from.Repository, from.Tag));
    }

    private async Task<IReadOnlyList<TagEntry>> LedgerAsync(RepositoryId repository, CancellationToken cancellationToken)
    {
        if (!_ledgers.TryGetValue(repository, out var entries))
        {
            var shards = await ListAsync<TagLedger>(cancellationToken, $"{LedgerShards.RepositoryLabel}={LedgerShards.HashOf(repository)}");
            _ledgers[repository] = entries = [.. shards.SelectMany(s => s.Spec.Entries)];
        }

        return entries;
    }

    private async Task<IReadOnlyList<T>> ListAsync<T>(CancellationToken cancellationToken, string? selector = null)
        where T : class, IResource<T>
    {
        var found = new List<T>();
        await foreach (var one in client.ListAsync<T>(new ListOptions { LabelSelector = selector }, cancellationToken))
        {
            found.Add(one);
        }

        return [.. found.OrderBy(o => o.Metadata.Key)];
    }
}
