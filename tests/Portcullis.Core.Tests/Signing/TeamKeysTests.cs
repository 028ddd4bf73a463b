using Portcullis.Core.Organizations;
using Portcullis.Core.Signing;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Signing;

/// <summary>Whose keys are whose.</summary>
internal sealed class TeamKeysTests
{
    private static readonly Organization Acme = new()
    {
        Metadata = new ObjectMeta { Name = "acme" },
        Spec = new OrganizationSpec
        {
            Users = [new OrganizationUser { Name = "ann", PublicKeys = ["k2", "none", "k1", "k2"] }, new OrganizationUser { Name = "bob", PublicKeys = ["k3"] }, new OrganizationUser { Name = "cay" }],
            Teams = [new Team { Name = "web", Members = ["ann", "bob"] }, new Team { Name = "ops", Members = ["bob", "cay"] }],
        },
    };

    private static readonly TeamKeys Keys = TeamKeys.Of([Acme, new Organization { Metadata = new ObjectMeta { Name = "empty" }, Spec = new OrganizationSpec() }], key => key == "none" ? null : key);

    [Test]
    public void A_member_has_each_key_once_in_order_and_none_that_cannot_sign()
    {
        var web = Keys.Find("acme/web")!;
        Assert.That(web.MemberKeys["ann"], Is.EqualTo(new[] { "k1", "k2" }));
        Assert.That(Keys.Find("acme/ops")!.MemberKeys["cay"], Is.Empty);
    }

    [Test]
    public void A_key_of_one_member_is_enough_for_a_team_to_be_named()
    {
        Assert.That(Keys.TeamsOf(new HashSet<string> { "k3" }), Is.EqualTo(new[] { "acme/ops", "acme/web" }));
        Assert.That(Keys.TeamsOf(new HashSet<string> { "k1", "other" }), Is.EqualTo(new[] { "acme/web" }));
        Assert.That(Keys.TeamsOf(new HashSet<string>()), Is.Empty);
    }

    [Test]
    public void An_organization_that_is_going_away_has_no_teams() => Assert.That(
        TeamKeys.Of([Acme with { Metadata = Acme.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } }], key => key).Find("acme/web"), Is.Null);
}
