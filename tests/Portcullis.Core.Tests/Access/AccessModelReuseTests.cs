using Portcullis.Core.Access;
using Portcullis.Core.Collections;
using Portcullis.Core.Organizations;
using Portcullis.Core.Roles;
using Portcullis.Core.Scopes;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Access;

/// <summary>A model takes over what an earlier one worked out from the very same lists; what changed must show all the same.</summary>
internal sealed class AccessModelReuseTests
{
    private static readonly AccessSnapshot Before = new()
    {
        Collections = [Collection("/a", "one", "two")],
        Namespaces = [new NamespaceFact("one") { Labels = Marked }, new NamespaceFact("two") { Labels = Marked }],
        Nodes = [new NodeFact("n1")],
        Organizations = [new Organization { Metadata = new ObjectMeta { Name = "acme" }, Spec = new OrganizationSpec { Users = [new OrganizationUser { Name = "ann" }] } }],
        Roles = [Role("get")],
        Grants = [Grant("z", "/a"), Grant("y", "/a", "team")],
        Sources = [new ScopeHolder("team", false, new SourceScope { Kinds = ["Grant"], Collections = ["/a"], Subjects = ["User:*"], MaximumRole = "FullControl" }, false)],
        RootSource = "root",
    };

    private static Dictionary<string, string> Marked => new() { [WellKnown.Labels.Collection] = "a" };

    private static IEnumerable<TestCaseData> Changes()
    {
        yield return new TestCaseData(Before with { Collections = [Collection("/a", "one")] }).SetArgDisplayNames("collections");
        yield return new TestCaseData(Before with { Namespaces = [new NamespaceFact("one") { Labels = Marked }] }).SetArgDisplayNames("namespaces");
        yield return new TestCaseData(Before with { Nodes = [new NodeFact("n2")] }).SetArgDisplayNames("nodes");
        yield return new TestCaseData(Before with { Organizations = [] }).SetArgDisplayNames("organizations");
        yield return new TestCaseData(Before with { Roles = [Role("list")] }).SetArgDisplayNames("roles");
        yield return new TestCaseData(Before with { Grants = [Grant("x", "/a")] }).SetArgDisplayNames("grants");
        yield return new TestCaseData(Before with { Sources = [] }).SetArgDisplayNames("sources");
        yield return new TestCaseData(Before with { RootSource = "team" }).SetArgDisplayNames("root source");
    }

    [TestCaseSource(nameof(Changes))]
    public void What_changed_shows_and_what_did_not_is_the_same_as_without(AccessSnapshot after)
    {
        var reused = AccessModel.Build(after, AccessModel.Build(Before));
        Assert.That(Text(reused, after), Is.EqualTo(Text(AccessModel.Build(after), after)));
        Assert.That(Text(reused, after), Is.Not.EqualTo(Text(AccessModel.Build(Before), Before)));
        Assert.That(Text(AccessModel.Build(Before, reused), Before), Is.EqualTo(Text(AccessModel.Build(Before), Before)));
    }

    [Test]
    public void Grants_on_one_collection_are_found_in_order_of_their_names()
    {
        var model = AccessModel.Build(Before);
        Assert.That(model.GrantsReaching(model.Tree.ByPath("/a")).Select(g => g.Key.Name), Is.EqualTo(new[] { "y", "z" }));
    }

    [Test]
    public void The_next_change_in_a_namespace_is_the_first_of_all_its_grants()
    {
        var now = AccessWorld.Now;
        var (soon, later) = (Grant("soon", "/a"), Grant("later", "/a"));
        var model = AccessModel.Build(Before with
        {
            Grants = [later with { Spec = later.Spec with { ExpiresAt = now.AddHours(2) } }, soon with { Spec = soon.Spec with { ExpiresAt = now.AddHours(1) } }],
        });
        Assert.That(model.NextChangeIn("one", now), Is.EqualTo(now.AddHours(1)));
        Assert.That(model.NextChangeIn("elsewhere", now), Is.Null);
    }

    /// <summary>What a collection does not have is nothing that a grant on it could reach.</summary>
    [TestCase("taken", null)]
    [TestCase("missing", null)]
    [TestCase("going", null)]
    [TestCase("made", "/a")]
    [TestCase("one", "/a")]
    public void A_namespace_is_in_a_collection_that_has_it_or_is_about_to_make_it(string name, string? path)
    {
        var collection = Collection("/a", "taken", "made");
        var model = AccessModel.Build(Before with
        {
            Collections =
            [
                collection with
                {
                    Spec = collection.Spec with
                    {
                        Namespaces = [.. collection.Spec.Namespaces!, .. new[] { "missing", "going", "one" }.Select(n => new CollectionNamespace { Name = n, Mode = NamespaceMode.Adopt })],
                    },
                },
            ],
            Namespaces = [new NamespaceFact("taken"), new NamespaceFact("going") { IsBeingDeleted = true }, new NamespaceFact("one")],
        });
        Assert.That(model.Tree.OfNamespace(name)?.Path, Is.EqualTo(path));
        Assert.That(model.In(name, AccessWorld.Now), path is null ? Is.Empty : Is.Not.Empty);
    }

    [Test]
    public void A_role_that_is_being_deleted_gives_nothing_more()
    {
        var role = Role("get");
        var model = AccessModel.Build(Before with { Roles = [role with { Metadata = role.Metadata with { DeletionTimestamp = AccessWorld.Now } }] });
        Assert.That(model.FindRole("looker"), Is.Null);
        Assert.That(model.In("one", AccessWorld.Now), Is.Empty);
    }

    private static string Text(AccessModel model, AccessSnapshot snapshot) => string.Join('\n', (string[])
    [
        .. snapshot.Namespaces.Select(n => $"{n.Name} in {model.Tree.OfNamespace(n.Name)?.Path}: {string.Join("; ", model.In(n.Name, AccessWorld.Now).Select(r => $"{r.Role.ClusterRole().ToJsonString()} {string.Join(",", r.Subjects)} {string.Join(",", r.Grants)}"))}"),
        $"nodes {string.Join(",", model.Tree.ByPath("/a")!.Nodes)}",
        .. snapshot.Grants.Select(g => $"{g.Key}: {model.Resolve(g, AccessWorld.Now).Problem}"),
    ]);

    private static Collection Collection(string path, params string[] namespaces) => new()
    {
        Metadata = new ObjectMeta { Name = "a" },
        Spec = new CollectionSpec
        {
            Path = path,
            Namespaces = [.. namespaces.Select(n => new CollectionNamespace { Name = n })],
            Nodes = new CollectionNodes { Names = ["n1", "n2"] },
        },
    };

    private static AccessRole Role(string verb) => new()
    {
        Metadata = new ObjectMeta { Name = "looker" },
        Spec = new AccessRoleSpec { Rules = [new RoleRule { ApiGroups = [""], Resources = ["pods"], Verbs = [verb] }] },
    };

    /// <summary>For an organization, which the scope of the source does not name.</summary>
    private static AccessGrant Grant(string name, string collection, string? source = null) => new(
        new ObjectMeta { Name = name, Labels = source is null ? null : new Dictionary<string, string> { [WellKnown.Labels.Source] = source } },
        new GrantSpec { Subject = new GrantSubject { Kind = SubjectKind.Organization, Name = "acme" }, Role = "looker", Collection = collection });
}
