using Portcullis.Clients.Notary;
using Portcullis.Core;
using Portcullis.Core.Registries;
using Portcullis.Core.Trust;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Errors;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Trust.Delegations;

/// <summary>Finds what a cluster and a Notary server say of one name, for the command line.</summary>
internal sealed class TrustLookup(KubernetesClient client, TimeProvider time)
{
    /// <param name="gun">HOST/REPOSITORY.</param>
    /// <param name="server">Asked for what it has; null to ask only the cluster.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="CommandException">No Registry has the host, no TrustDelegation is for the name, or the server does not answer.</exception>
    public async Task<TrustOverview> FindAsync(string gun, NotaryClient? server, CancellationToken cancellationToken)
    {
        var registry = (await ListAsync<Registry>(cancellationToken)).FirstOrDefault(r => gun.StartsWith($"{r.Spec.Host}/", StringComparison.Ordinal))
            ?? throw new CommandException(ExitCode.WrongInput, $"no Registry has the host of {gun}: name the repository as HOST/REPOSITORY");
        var repository = gun[(registry.Spec.Host.Length + 1)..];
        var declared = (await ListAsync<TrustDelegation>(cancellationToken)).Where(d => d.Spec.Registry == registry.Key.Name && Glob.CoversAny(d.Spec.Repositories, repository)).ToList();
        if (declared.Count == 0)
        {
            throw new CommandException(ExitCode.WrongInput, $"no TrustDelegation is for {repository} in the Registry {registry.Key.Name}");
        }

        return new TrustOverview
        {
            Gun = gun,
            Declarations = [.. declared.Select(d => new TrustOverviewEntry(d.Key.Name, d.Status?.Repositories?.FirstOrDefault(r => r.Repository == repository)))],
            Server = server is null ? null : await AskAsync(server, gun, declared, cancellationToken),
        };
    }

    private async Task<IReadOnlyList<string>> AskAsync(NotaryClient server, string gun, IReadOnlyList<TrustDelegation> declared, CancellationToken cancellationToken)
    {
        var roots = declared.SelectMany(PinnedKeys.Of).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var answer = await new SigningReader(time).ReadAsync(server, new TrustAnchor(gun, roots), asksForKeys: false, cancellationToken);
        return answer.Trust switch
        {
            ServerTrust.Present { Trust: var trust } => [.. Lines(trust)],
            ServerTrust.Missing => ["no trust data"],
            ServerTrust.Rejected rejected => [$"not to be believed: {rejected.Message}"],
            ServerTrust.Unreachable away => throw new CommandException(ExitCode.Unreachable, away.Message),
            _ => [],
        };
    }

    private static IEnumerable<string> Lines(PublishedTrust trust)
    {
        yield return FormattableString.Invariant($"root {trust.Root.Version} until {KubernetesJson.Time(trust.Root.Expires)}, signed by {Keys(trust.Root.RootKeys)}");
        yield return FormattableString.Invariant($"targets {trust.Targets.Version} until {KubernetesJson.Time(trust.Targets.Expires)}, signed by {Keys(trust.Root.TargetsKeys)}");
        yield return FormattableString.Invariant($"snapshot {trust.SnapshotVersion}, timestamp {trust.TimestampVersion}");
        foreach (var delegation in trust.Delegated.Values.Prepend(trust.Targets).SelectMany(r => r.Delegations).OrderBy(d => d.Name, StringComparer.Ordinal))
        {
            var signed = trust.Delegated.TryGetValue(delegation.Name, out var role) ? FormattableString.Invariant($", version {role.Version} until {KubernetesJson.Time(role.Expires)} with {role.Tags.Count} tags") : ", nothing signed";
            yield return FormattableString.Invariant($"{delegation.Name}: {delegation.Threshold} of {Keys(delegation.Keys)}{signed}");
        }

        foreach (var (role, why) in trust.Broken.OrderBy(b => b.Key, StringComparer.Ordinal))
        {
            yield return $"{role} does not verify: {why}";
        }
    }

    private static string Keys(IEnumerable<TufKey> keys) => string.Join(", ", keys.Select(k => k.CanonicalId[..12]).Order(StringComparer.Ordinal));

    private async Task<IReadOnlyList<T>> ListAsync<T>(CancellationToken cancellationToken)
        where T : class, IResource<T>
    {
        var found = new List<T>();
        await foreach (var one in client.ListAsync<T>(new ListOptions(), cancellationToken))
        {
            found.Add(one);
        }

        return [.. found.OrderBy(o => o.Metadata.Key)];
    }
}
