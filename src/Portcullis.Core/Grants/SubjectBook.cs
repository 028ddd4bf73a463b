using System.Collections.Concurrent;
using Portcullis.Core.Organizations;

namespace Portcullis.Core.Grants;

/// <summary>All organizations, and every subject worked out against them once.</summary>
public sealed class SubjectBook
{
    private readonly Dictionary<string, OrganizationSpec> _organizations;
    private readonly ConcurrentDictionary<(SubjectKind, string, SubjectExpansion), (IReadOnlyList<RbacSubject> Subjects, Problem? Problem)> _known = new();

    public SubjectBook(IEnumerable<Organization> organizations) =>
        _organizations = organizations.Where(o => !o.Metadata.IsBeingDeleted).ToDictionary(o => o.Key.Name, o => o.Spec, StringComparer.Ordinal);

    public (IReadOnlyList<RbacSubject> Subjects, Problem? Problem) Resolve(GrantSpec spec) =>
        _known.GetOrAdd(
            (spec.Subject.Kind, spec.Subject.Name, spec.Expand ?? SubjectExpansion.Users),
            static (_, state) => GrantSubjects.Resolve(
                state.Spec.Subject, state.Spec.Expand ?? SubjectExpansion.Users, name => state.Organizations.GetValueOrDefault(name)),
            (Spec: spec, Organizations: _organizations));
}
