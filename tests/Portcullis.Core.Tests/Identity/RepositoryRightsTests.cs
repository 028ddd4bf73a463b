using Portcullis.Core.Access;
using Portcullis.Core.Identity;
using Portcullis.Core.Repositories;

namespace Portcullis.Core.Tests.Identity;

/// <summary>Every combination of visibility, permission, access token and asked actions: there are few enough to try all.</summary>
[TestFixture]
internal sealed class RepositoryRightsTests
{
    private const string Name = "acme/shop";
    private static readonly GatewayCaller Ann = new() { User = new AccessUser("ann"), Method = LoginMethod.Password };
    private static readonly RepositoryPermission?[] Permissions = [null, RepositoryPermission.Read, RepositoryPermission.Sign, RepositoryPermission.ReadWrite, RepositoryPermission.Admin];
    private static readonly string[] Words = ["pull", "push", "delete", "*"];

    [TestCase(null, RepositoryActions.None, false)]
    [TestCase(RepositoryPermission.Read, RepositoryActions.Pull, false)]
    [TestCase(RepositoryPermission.Sign, RepositoryActions.Pull | RepositoryActions.Sign, false)]
    [TestCase(RepositoryPermission.ReadWrite, RepositoryActions.Pull | RepositoryActions.Push | RepositoryActions.Delete | RepositoryActions.Sign, false)]
    [TestCase(RepositoryPermission.Admin, RepositoryActions.Pull | RepositoryActions.Push | RepositoryActions.Delete | RepositoryActions.Sign, true)]
    public void A_permission_gives_what_it_gave_in_DTR(RepositoryPermission? permission, RepositoryActions actions, bool administrator) =>
        Assert.That(RepositoryRights.Of(Spec(RepositoryVisibility.Private), permission, Ann), Is.EqualTo(new RepositoryRights(actions, administrator)));

    [Test]
    public void Nobody_has_a_right_on_what_Git_does_not_declare() =>
        Assert.That(Permissions.Select(p => RepositoryRights.Of(null, p, Ann)), Is.All.EqualTo(RepositoryRights.None));

    [Test]
    public void Everybody_pulls_from_a_public_repository_and_nothing_else_without_a_grant()
    {
        var callers = new[] { GatewayCaller.Anonymous, Ann, With(RepositoryPermission.Admin, "other/*") };
        Assert.That(callers.Select(c => RepositoryRights.Of(Spec(RepositoryVisibility.Public), null, c)), Is.All.EqualTo(new RepositoryRights(RepositoryActions.Pull, false)));
    }

    [Test]
    public void Anonymous_callers_have_no_permission_whatever_is_said_of_them() =>
        Assert.That(RepositoryRights.Of(Spec(RepositoryVisibility.Private), RepositoryPermission.Admin, GatewayCaller.Anonymous), Is.EqualTo(RepositoryRights.None));

    [Test]
    public void An_access_token_gives_the_least_of_itself_and_the_grants()
    {
        foreach (var (permission, limit) in Permissions.SelectMany(_ => Permissions.OfType<RepositoryPermission>(), (p, l) => (p, l)))
        {
            var rights = RepositoryRights.Of(Spec(RepositoryVisibility.Private), permission, With(limit, "acme/*"));
            RepositoryPermission? least = permission is { } granted ? (RepositoryPermission)Math.Min((int)granted, (int)limit) : null;
            Assert.That(rights, Is.EqualTo(RepositoryRights.Of(Spec(RepositoryVisibility.Private), least, Ann)), $"{permission} with a token for {limit}");
        }
    }

    [Test]
    public void An_access_token_for_other_repositories_gives_nothing() =>
        Assert.That(RepositoryRights.Of(Spec(RepositoryVisibility.Private), RepositoryPermission.Admin, With(RepositoryPermission.Admin, "acme/shop2")), Is.EqualTo(RepositoryRights.None));

    [Test]
    public void A_token_never_has_more_than_was_asked_for_nor_more_than_is_allowed()
    {
        foreach (var asked in Subsets(Words).Where(a => a.Count > 0))
        {
            var scope = TokenScopes.Parse([$"repository:{Name}:{string.Join(',', asked)}"], "dtr.example.com").Asked.Single();
            foreach (var rights in AllRights())
            {
                var granted = scope.Within(rights)?.Actions ?? [];
                Assert.That(granted, Is.SubsetOf(asked), $"{rights}");
                Assert.That(granted.All(a => a == "*" ? rights.IsAdministrator : rights.Allow(ActionNames.Parse(a))), $"{rights} gave {string.Join(',', granted)}");
                Assert.That(asked.Except(granted).Any(a => a == "*" ? rights.IsAdministrator : rights.Allow(ActionNames.Parse(a))), Is.False, $"{rights} withheld what it allows");
            }
        }
    }

    [Test]
    public void Who_may_only_sign_pushes_trust_data_and_no_image()
    {
        var rights = RepositoryRights.Of(Spec(RepositoryVisibility.Private), RepositoryPermission.Sign, Ann);
        Assert.That(TokenScopes.Parse([$"repository:{Name}:pull,push"], "dtr.example.com").Asked.Single().Within(rights)?.Actions, Is.EqualTo(new[] { "pull" }));
        Assert.That(TokenScopes.Parse([$"repository:dtr.example.com/{Name}:pull,push,*"], "dtr.example.com").Asked.Single().Within(rights)?.Actions, Is.EqualTo(new[] { "pull", "push" }));
    }

    [Test]
    public void The_catalogue_is_for_who_has_logged_in()
    {
        var scope = TokenScopes.Parse(["registry:catalog:*"], "dtr.example.com").Asked.Single();
        Assert.That(scope.Catalog(GatewayCaller.Anonymous), Is.Null);
        Assert.That(scope.Catalog(Ann)?.Actions, Is.EqualTo(new[] { "*" }));
    }

    private static IEnumerable<RepositoryRights> AllRights() =>
        from visibility in Enum.GetValues<RepositoryVisibility>()
        from permission in Permissions
        from caller in new[] { GatewayCaller.Anonymous, Ann, With(RepositoryPermission.Read, "*"), With(RepositoryPermission.ReadWrite, "acme/*") }
        select RepositoryRights.Of(Spec(visibility), permission, caller);

    private static IEnumerable<IReadOnlyList<string>> Subsets(string[] words) =>
        Enumerable.Range(0, 1 << words.Length).Select(bits => words.Where((_, i) => (bits & (1 << i)) != 0).ToList());

    private static GatewayCaller With(RepositoryPermission permission, string repositories) =>
        Ann with { Method = LoginMethod.AccessToken, Limit = new AccessTokenLimit("laptop", permission, [repositories]) };

    private static RepositorySpec Spec(RepositoryVisibility visibility) => new() { Registry = "dtr", Name = Name, Visibility = visibility };
}
