using System.Collections.Concurrent;
using Portcullis.Core.Organizations;

namespace Portcullis.Core.Access;

/// <summary>All organizations, and every subject worked out against them once.</summary>
public sealed class SubjectResolver
{
    private readonly Dictionary<string, OrganizationSpec> _organizations;
    private readonly ConcurrentDictionary<(SubjectKind, string, SubjectExpansion), SubjectResolution> _known = new();

    public SubjectResolver(IEnumerable<Organization> organizations) =>
        _organizations = organizations.Where(o => !o.Metadata.IsBeingDeleted).ToDictionary(o => o.Key.Name, o => o.Spec, StringComparer.Ordinal);

    public SubjectResolution Resolve(GrantSpec spec) =>
        _known.GetOrAdd(
            (spec.Subject.Kind, spec.Subject.Name, spec.Expand ?? SubjectExpansion.Users),
            static (_, state) => GrantSubjects.Resolve(
                state.Spec.Subject, state.Spec.Expand ?? SubjectExpansion.Users, name => state.Organizations.GetValueOrDefault(name)),
            (Spec: spec, Organizations: _organizations));
}
