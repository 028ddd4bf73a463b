using Portcullis.Core.Access;
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
        var book = new RoleResolver(roles);
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
}
