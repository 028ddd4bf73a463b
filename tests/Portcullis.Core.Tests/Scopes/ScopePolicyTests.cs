using Portcullis.Core.Access;
using Portcullis.Core.Kinds;
using Portcullis.Core.Roles;
using Portcullis.Core.Scopes;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Scopes;

/// <summary>What a source may give away, as validation and bindings both ask it.</summary>
public class ScopePolicyTests
{
    private static readonly SourceScope Team = new() { Collections = ["/mobile/"], Subjects = ["User:ann"], MaximumRole = "Scheduler" };

    [Test]
    public void A_role_is_compared_by_what_it_holds_and_not_by_its_place_in_a_list()
    {
        // Scheduling on nodes is not in RestrictedControl, and control of containers is not in Scheduler.
        Assert.That(Refusals(Team, "RestrictedControl"), Has.Some.Contains("the role restrictedcontrol grants more than the source's scope.maximumRole, Scheduler"));
        Assert.That(Refusals(Team with { MaximumRole = "FullControl" }, "Scheduler"), Is.Empty);
    }

    [Test]
    public void A_maximum_of_the_sources_own_making_is_no_limit()
    {
        var scope = Team with { MaximumRole = "wide" };

        Assert.That(Refusals(scope, "ViewOnly", RoleOf("team")), Has.Some.Contains("it is neither built in nor declared by another source"));
        Assert.That(Refusals(scope, "ViewOnly", RoleOf("platform")), Is.Empty);
    }

    [Test]
    public void A_repository_permission_counts_as_the_role_it_resembles()
    {
        var grant = Grant("ViewOnly") with { RepositoryPermission = RepositoryPermission.Admin };

        Assert.That(
            Refusals(Team with { MaximumRole = "ViewOnly" }, grant),
            Is.EqualTo(new[] { "spec.repositoryPermission: the permission needs the role FullControl, and the source's scope.maximumRole is ViewOnly" }));
    }

    private static IEnumerable<string> Refusals(SourceScope scope, string role, params AccessRole[] roles) =>
        Refusals(scope, Grant(role), roles);

    private static IEnumerable<string> Refusals(SourceScope scope, GrantSpec grant, params AccessRole[] roles)
    {
        var book = RoleResolver.BuiltIn.With(ListChange.AllOf(roles));
        var policy = new ScopePolicy(new ScopeHolder("team", false, scope, true), name => book.Find(name)?.Role, name => book.FindForeign(name, "team"));
        return GrantClaims.Of(grant).Where(c => policy.Refusal(c) is not null).Select(c => $"{c.Field}: {policy.Refusal(c)}");
    }

    private static GrantSpec Grant(string role) =>
        new() { Collection = "/mobile", Role = role, Subject = new GrantSubject { Kind = SubjectKind.User, Name = "ann" } };

    private static AccessRole RoleOf(string source) => new()
    {
        Metadata = new ObjectMeta { Name = "wide", Labels = new Dictionary<string, string> { [WellKnown.Labels.Source] = source } },
        Spec = new AccessRoleSpec { Operations = [.. DockerOperations.All.Select(o => new RoleOperation { Name = o.Key, Options = [.. o.Value.Options] })] },
    };

    // scope.kinds; the group and kind of an object; whether it may be declared.
    [TestCase("Grant", "portcullis.dev", "Grant", true)]
    [TestCase("Grant.portcullis.dev", "portcullis.dev", "Grant", true)]
    [TestCase("Collection", "portcullis.dev", "Grant", false)]
    [TestCase("Grant", "other.example", "Grant", false)]
    [TestCase("ConfigMap", "", "ConfigMap", true)]
    [TestCase("ConfigMap", "", "Secret", false)]
    [TestCase("Secret Ingress.networking.k8s.io", "networking.k8s.io", "Ingress", true)]
    [TestCase("Ingress", "networking.k8s.io", "Ingress", false)]
    public void A_kind_of_ours_is_listed_by_its_name_and_one_of_others_by_its_full_name(string kinds, string group, string kind, bool isAllowed) =>
        Assert.That(Policy(new SourceScope { Kinds = kinds.Split(' ') }).KindRefusal(new ApiResource(group, "v1", kind, "x", true)) is null, Is.EqualTo(isAllowed));

    [Test]
    public void One_of_several_collections_is_enough()
    {
        var policy = Policy(new SourceScope { Collections = ["/a", "/b/"] });
        Assert.That(policy.Refusal(new ScopeClaim.Collection("spec.path", "/a/x")), Is.Null);
        Assert.That(policy.Refusal(new ScopeClaim.Collection("spec.path", "/b")), Is.Null);
        Assert.That(policy.Refusal(new ScopeClaim.Collection("spec.path", "/c")), Is.EqualTo("the collection /c is not in the source's scope.collections"));
    }

    [Test]
    public void Without_a_maximum_role_no_role_may_be_given() =>
        Assert.That(Policy(new SourceScope()).Refusal(new ScopeClaim.Role("spec.role", "ViewOnly")), Does.StartWith("the role viewonly grants more than the source's scope.maximumRole, None: "));

    private static ScopePolicy Policy(SourceScope scope) => new(new ScopeHolder("team", false, scope, false), BuiltInRoles.Find, BuiltInRoles.Find);
}
