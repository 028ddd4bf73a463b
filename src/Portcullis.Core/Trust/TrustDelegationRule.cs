using System.Globalization;
using Portcullis.Core.Kinds;
using Portcullis.Core.Organizations;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;

namespace Portcullis.Core.Trust;

/// <summary>What is wrong with the TrustDelegations of a revision: names that nobody declares, keys that are none, and declarations that contradict.</summary>
public sealed class TrustDelegationRule : IRevisionRule
{
    public IEnumerable<RevisionProblem> Check(DeclaredRevision revision)
    {
        var declared = revision.Of(TrustDelegation.Definition).Select(o => (Object: o, Trust: TypedObject.Read<TrustDelegation>(o.Value))).OrderBy(d => d.Object.Key).ToList();
        if (declared.Count == 0)
        {
            return [];
        }

        var names = new TrustNames(revision);
        return declared
            .SelectMany(d => names.ProblemsOf(d.Trust.Spec).Concat(TrustCheck.Of(d.Trust.Spec)).Select(p => new RevisionProblem(d.Object.PositionOf(p.Field), $"TrustDelegation {d.Object.Key}: {p.Message}")))
            .Concat(Conflicts(declared, names, [.. TypedObject.InForce<TrustDelegation>(revision).Where(t => t.Metadata.Name is not null)]));
    }

    /// <summary>Of two that contradict, the later one by name is reported; of one in force, the one of the revision.</summary>
    private static IEnumerable<RevisionProblem> Conflicts(List<(DeclaredObject Object, TrustDelegation Trust)> declared, TrustNames names, List<TrustDelegation> inForce)
    {
        var own = declared.Select(d => d.Trust.Key).ToHashSet();
        List<TrustDelegation> all = [.. declared.Select(d => d.Trust), .. inForce.Where(t => !own.Contains(t.Key))];
        foreach (var one in declared)
        {
            foreach (var other in all.Where(o => o.Spec.Registry == one.Trust.Spec.Registry && o.Key != one.Trust.Key && (!own.Contains(o.Key) || o.Key.CompareTo(one.Trust.Key) < 0)))
            {
                if (names.Shared(one.Trust.Spec, other.Spec) is { } repository && TrustConflicts.Between(one.Trust, other) is { } conflict)
                {
                    yield return new RevisionProblem(one.Object.PositionOf(conflict.Field), $"TrustDelegation {one.Object.Key}: {conflict.Message}; both are for {repository}");
                }
            }
        }
    }
}

/// <summary>The registries, repositories and organizations that a TrustDelegation may name.</summary>
internal sealed class TrustNames(DeclaredRevision revision)
{
    private readonly Dictionary<string, Registry> _registries = All<Registry>(revision).ToDictionary(r => r.Key.Name, StringComparer.Ordinal);
    private readonly ILookup<string, string> _repositories = All<Repository>(revision).ToLookup(r => r.Spec.Registry, r => r.Spec.Name, StringComparer.Ordinal);
    private readonly Dictionary<string, OrganizationSpec> _organizations = All<Organization>(revision).ToDictionary(o => o.Key.Name, o => o.Spec, StringComparer.Ordinal);

    public IEnumerable<(string Field, string Message)> ProblemsOf(TrustDelegationSpec spec) =>
        OfRegistry(spec).Concat(revision.MayHold(Repository.Definition) ? [] : OfRepositories(spec)).Concat(OfSigners(spec));

    /// <summary>A repository that both are for; null when there is none.</summary>
    public string? Shared(TrustDelegationSpec one, TrustDelegationSpec other) =>
        _repositories[one.Registry].Order(StringComparer.Ordinal).FirstOrDefault(r => Glob.CoversAny(one.Repositories, r) && Glob.CoversAny(other.Repositories, r));

    private IEnumerable<(string Field, string Message)> OfRegistry(TrustDelegationSpec spec)
    {
        if (!_registries.TryGetValue(spec.Registry, out var registry))
        {
            return revision.MayHold(Registry.Definition, spec.Registry) ? [] : [("spec.registry", $"there is no Registry {spec.Registry}{Near(spec.Registry, _registries.Keys)}")];
        }

        return registry.Spec.Notary is null ? [("spec.registry", $"the Registry {spec.Registry} has no Notary server: name it in its spec.notary")] : [];
    }

    private IEnumerable<(string Field, string Message)> OfRepositories(TrustDelegationSpec spec)
    {
        var known = _repositories[spec.Registry].ToHashSet(StringComparer.Ordinal);
        return spec.Repositories.Select((name, i) => (Name: name, Field: Index("spec.repositories", i)))
            .Where(r => !r.Name.Contains('*', StringComparison.Ordinal) && !known.Contains(r.Name))
            .Select(r => (r.Field, $"no Repository declares {r.Name} in the Registry {spec.Registry}{Near(r.Name, known)}"));
    }

    private IEnumerable<(string Field, string Message)> OfSigners(TrustDelegationSpec spec) =>
        from role in (spec.Roles ?? []).Select((r, i) => (r.Signers, Field: Index("spec.roles", i)))
        from signer in (role.Signers ?? []).Select((s, i) => (Signer: s, Field: Index($"{role.Field}.signers", i)))
        let problem = OfSigner(signer.Signer)
        where problem is not null
        select ($"{signer.Field}{problem.Value.Field}", problem.Value.Message);

    private (string Field, string Message)? OfSigner(TrustSigner signer)
    {
        var (name, field) = signer.Team is not null ? (signer.Team, ".team") : (signer.User, ".user");
        if (name?.Split('/', 2) is not [var organization, var rest] || revision.MayHold(Organization.Definition, organization))
        {
            return null;
        }

        if (!_organizations.TryGetValue(organization, out var spec))
        {
            return (field, $"there is no Organization {organization}{Near(organization, _organizations.Keys)}");
        }

        var names = (signer.Team is not null ? (spec.Teams ?? []).Select(t => t.Name) : (spec.Users ?? []).Select(u => u.Name)).ToHashSet(StringComparer.Ordinal);
        return names.Contains(rest) ? null : (field, $"the Organization {organization} has no {(signer.Team is not null ? "team" : "user")} {rest}{Near(rest, names)}");
    }

    private static string Near(string wrong, IReadOnlyCollection<string> names) => Spelling.Nearest(wrong, names) is { } name && name != wrong ? $"; did you mean {name}?" : "";

    private static string Index(string field, int index) => string.Create(CultureInfo.InvariantCulture, $"{field}[{index}]");

    private static IEnumerable<T> All<T>(DeclaredRevision revision)
        where T : class, IResource<T> =>
        revision.Of(T.Definition).Select(d => TypedObject.Read<T>(d.Value)).Concat(TypedObject.InForce<T>(revision)).Where(o => o.Metadata.Name is not null).DistinctBy(o => o.Metadata.Key);
}
