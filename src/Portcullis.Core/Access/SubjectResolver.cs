using System.Collections.Immutable;
using Portcullis.Core.Organizations;

namespace Portcullis.Core.Access;

/// <summary>All organizations, and every subject worked out against them once. Immutable: a change shares the organizations that stayed as they were.</summary>
public sealed class SubjectResolver
{
    private readonly ImmutableDictionary<string, OrganizationSubjects> _organizations;

    private SubjectResolver(ImmutableDictionary<string, OrganizationSubjects> organizations) => _organizations = organizations;

    /// <summary>Without any organization.</summary>
    public static SubjectResolver Nothing { get; } = new(ImmutableDictionary.Create<string, OrganizationSubjects>(StringComparer.Ordinal));

    public SubjectResolver With(ListChange<Organization> change)
    {
        if (change.IsEmpty)
        {
            return this;
        }

        var organizations = _organizations.ToBuilder();
        organizations.RemoveRange(change.Gone.Select(o => o.Key.Name));
        foreach (var one in change.Added.Where(o => !o.Metadata.IsBeingDeleted))
        {
            organizations[one.Key.Name] = new OrganizationSubjects(one.Spec);
        }

        return new SubjectResolver(organizations.ToImmutable());
    }

    public SubjectResolution Resolve(GrantSpec spec)
    {
        var expansion = spec.Expand ?? SubjectExpansion.Users;
        return spec.Subject.Kind is SubjectKind.Team or SubjectKind.Organization && _organizations.TryGetValue(spec.Subject.Name.Split('/')[0], out var organization)
            ? organization.Resolve(spec.Subject, expansion)
            : GrantSubjects.Resolve(spec.Subject, expansion, _ => null);
    }
}
