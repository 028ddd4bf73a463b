using Portcullis.Core;
using Portcullis.Core.Access;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Grants;

/// <summary>Which grants a change of something else concerns, without looking at all of them.</summary>
internal static class GrantIndexes
{
    private const string At = "collection";
    private const string Within = "within";
    private const string Role = "role";
    private const string Organization = "organization";
    private const string Source = "source";

    public static void Add(StoreOptions<Grant> options) => options
        .Index(At, g => [g.Spec.Collection])
        .Index(Within, g => CollectionPath.SelfAndAncestors(g.Spec.Collection))
        .Index(Role, g => [g.Spec.Role])
        .Index(Organization, g => g.Spec.Subject.Kind is SubjectKind.Team or SubjectKind.Organization ? [g.Spec.Subject.Name.Split('/')[0]] : [])
        .Index(Source, g => g.Metadata.Label(WellKnown.Labels.Source) is { } source ? [source] : []);

    /// <summary>Grants on the collection, on one above it, or on one below it.</summary>
    public static IEnumerable<ObjectKey> OnBranch(IStore<Grant> grants, string path) => Reaching(grants, path).Concat(Keys(grants, Within, path)).Distinct();

    /// <summary>Grants on the collection or on one above it.</summary>
    public static IEnumerable<ObjectKey> Reaching(IStore<Grant> grants, string path) =>
        CollectionPath.SelfAndAncestors(path).SelectMany(level => Keys(grants, At, level));

    public static IEnumerable<ObjectKey> OfRole(IStore<Grant> grants, string role) => Keys(grants, Role, role);

    public static IEnumerable<ObjectKey> OfOrganization(IStore<Grant> grants, string organization) => Keys(grants, Organization, organization);

    public static IEnumerable<ObjectKey> OfSource(IStore<Grant> grants, string source) => Keys(grants, Source, source);

    private static IEnumerable<ObjectKey> Keys(IStore<Grant> grants, string index, string value) => grants.Find(index, value).Select(g => g.Key);
}
