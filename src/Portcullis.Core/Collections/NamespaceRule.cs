using Portcullis.Core.Kinds;

namespace Portcullis.Core.Collections;

/// <summary>Decides whose a namespace is.</summary>
internal sealed class NamespaceRule(ClaimScopes scopes) : IMembershipRule<NamespaceFact>
{
    private const string SelectorField = "spec.namespaceSelector";

    public IEnumerable<(string Name, MemberClaim Claim)> ByName(Collection collection) =>
        Entries(collection)
            .Where(e => !IsProtectedFrom(e.Entry.Name, collection))
            .Select(e => (e.Entry.Name, new MemberClaim(collection, e.Field, e.Entry.Mode ?? NamespaceMode.Create)));

    public LabelSelector? Selector(Collection collection) => collection.Spec.NamespaceSelector;

    /// <summary>
    /// Labels are the words of whoever declares the namespace: a source with a scope must not choose a collection for it that the scope does not
    /// cover.
    /// </summary>
    public bool MayBeSelected(NamespaceFact fact, Collection collection) =>
        !ProtectedNamespaces.Contains(fact.Name)
        && (fact.Labels.GetValueOrDefault(WellKnown.Labels.Source) is not { } source || scopes.Covers?.Invoke(source, collection.Spec.Path) != false);

    /// <summary>What a collection names and may not have, whoever else claims it.</summary>
    public IEnumerable<CollectionProblem> ProtectedNames(Collection collection) =>
        Entries(collection)
            .Where(e => IsProtectedFrom(e.Entry.Name, collection))
            .Select(e => new CollectionProblem(
                CollectionReasons.ProtectedNamespace, e.Field, $"the namespace {e.Entry.Name} may be put into a collection only by the root source"));

    public MemberVerdict? Decide(string name, NamespaceFact? fact, IReadOnlyList<MemberClaim> claims)
    {
        var owner = MemberClaims.Choose(claims, fact);
        var problems = MemberClaims.Taken(claims, owner, CollectionReasons.NamespaceTaken, $"the namespace {name}").ToList();
        var refused = Refused(owner, name);
        var isKept = refused is null || fact?.Labels.GetValueOrDefault(WellKnown.Labels.Collection) == owner.Name;
        var (standing, problem) = isKept ? Admit(owner, name, fact) : (MemberStanding.None, null);
        problems.AddRange(new[] { refused, problem }.OfType<CollectionProblem>().Select(p => new MemberProblem(owner.Name, p)));
        return new MemberVerdict(owner.Name, standing, refused is not null, problems);
    }

    /// <summary>
    /// Nothing new beyond the scope of its source. What the collection had before the scope was narrowed it keeps, so that guardrails do
    /// not fall, but out of reach.
    /// </summary>
    private CollectionProblem? Refused(MemberClaim claim, string name)
    {
        var field = claim.Field ?? SelectorField;
        return scopes.Refusal?.Invoke(claim.Collection, new ScopeClaim.Namespace(field, name)) is { } message
            ? new CollectionProblem(CollectionReasons.BeyondScope, field, message)
            : null;
    }

    private static (MemberStanding Standing, CollectionProblem? Problem) Admit(MemberClaim claim, string name, NamespaceFact? fact)
    {
        if (fact is null)
        {
            return claim.Mode == NamespaceMode.Create
                ? (MemberStanding.ToCreate, null)
                : No(CollectionReasons.NamespaceMissing, $"the namespace {name} does not exist yet, and mode Adopt does not create it", waits: true);
        }

        if (fact.IsBeingDeleted)
        {
            return No(CollectionReasons.NamespaceMissing, $"the namespace {name} is being deleted", waits: true);
        }

        var isOurs = fact.Labels.ContainsKey(WellKnown.Labels.Collection) || fact.Annotations.ContainsKey(WellKnown.Annotations.CreatedFor);
        return claim.Mode != NamespaceMode.Create || isOurs
            ? (MemberStanding.Member, null)
            : No(CollectionReasons.NamespaceExists, $"the namespace {name} already exists and was not created by Portcullis: write mode: Adopt to take it over", waits: false);

        (MemberStanding, CollectionProblem?) No(string reason, string message, bool waits) =>
            (MemberStanding.None, new CollectionProblem(reason, claim.Field ?? SelectorField, message, waits));
    }

    /// <summary>Each name where it stands first.</summary>
    private static IEnumerable<(CollectionNamespace Entry, string Field)> Entries(Collection collection) =>
        (collection.Spec.Namespaces ?? []).Select((entry, i) => (Entry: entry, Field: $"spec.namespaces[{i}].name")).DistinctBy(e => e.Entry.Name, StringComparer.Ordinal);

    private bool IsProtectedFrom(string name, Collection collection) =>
        ProtectedNamespaces.Contains(name) && collection.Metadata.Label(WellKnown.Labels.Source) is { } source && source != scopes.RootSource;
}
