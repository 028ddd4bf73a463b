using System.Text;
using System.Text.Json;
using Portcullis.Core.Organizations;
using Portcullis.Core.Tests.Access;
using Portcullis.Objects.Yaml;

namespace Portcullis.Core.Tests.Organizations;

internal sealed class OrganizationMembersTests
{
    private static readonly OrganizationSpec Acme = Read("""
        users: [{name: eve}, {name: ann}, {name: "system:admin"}]
        teams:
        - {name: mobile, members: [bob, ann], admins: [ann, "portcullis:root", carl]}
        - {name: empty}
        """);

    [Test]
    public void Everybody_is_in_once_and_in_order_and_nobody_with_a_name_of_the_platform() =>
        Assert.That(OrganizationMembers.Of(Acme), Is.EqualTo(new[] { "ann", "bob", "carl", "eve" }));

    [Test]
    public void Admins_of_a_team_are_members_of_it()
    {
        Assert.That(OrganizationMembers.OfTeam(Acme, "mobile"), Is.EqualTo(new[] { "ann", "bob", "carl" }));
        Assert.That(OrganizationMembers.OfTeam(Acme, "empty"), Is.Empty);
        Assert.That(OrganizationMembers.OfTeam(Acme, "web"), Is.Null);
        Assert.That(OrganizationMembers.Of(new OrganizationSpec()), Is.Empty);
        Assert.That(OrganizationMembers.OfTeam(new OrganizationSpec(), "web"), Is.Null);
    }

    [TestCase("ann", true)]
    [TestCase("", false)]
    [TestCase("system:ann", false)]
    [TestCase("portcullis:ann", false)]
    [TestCase("ann:system:", true)]
    [TestCase("ann-portcullis:", true)]
    public void Names_of_the_platform_are_nobodys(string name, bool allowed) => Assert.That(OrganizationMembers.IsAllowed(name), Is.EqualTo(allowed));

    [Test]
    public void A_key_that_is_none_and_a_member_whom_nobody_knows_are_named_with_their_place()
    {
        var problems = OrganizationMembers.Problems(Read("""
            users:
            - {name: ann, publicKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJDTE+wyALVsEd38U8M0zWGXT10g0J+x/RZVi9qg9dWO", nonsense]}
            - {name: bob}
            teams:
            - {name: web, members: [ann, bob, eve]}
            - {name: mobile, members: [ann], admins: [tom, bob]}
            """));
        Assert.That(problems.Select(p => $"{p.Field}: {p.Message}"), Is.EqualTo(new[]
        {
            "spec.users[0].publicKeys[1]: ann: not a public key: one OpenSSH line (ssh-ed25519 AAAA…) or one PEM block (PUBLIC KEY or CERTIFICATE)",
            "spec.teams[0].members[2]: eve is in the team web but not among the organization's users",
            "spec.teams[1].admins[0]: tom is in the team mobile but not among the organization's users",
        }));
        Assert.That(OrganizationMembers.Problems(new OrganizationSpec()), Is.Empty);
    }

    [Test]
    public void What_an_organization_amounts_to_is_its_members_teams_and_keys()
    {
        Assert.That(JudgedText.Lines(OrganizationJudge.Judge(Acme with { Users = [] }), Organization.JsonType).First(), Does.StartWith("=> Stalled "));
        Assert.That(
            JudgedText.Lines(
                OrganizationJudge.Judge(Read("""
                    users: [{name: ann, publicKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJDTE+wyALVsEd38U8M0zWGXT10g0J+x/RZVi9qg9dWO"]}, {name: bob}]
                    teams: [{name: mobile, members: [bob, ann]}, {name: empty}]
                    """)),
                Organization.JsonType),
            Is.EqualTo(new[]
            {
                "=> Ready: 2 members in 2 teams",
                """status {"members":2,"teamCount":2,"publicKeys":1,"teams":[{"name":"mobile","members":2,"effectiveMembers":["ann","bob"]},{"name":"empty","members":0}]}""",
            }));
        Assert.That(JudgedText.Lines(OrganizationJudge.Judge(new OrganizationSpec()), Organization.JsonType), Is.EqualTo(new[]
        {
            "=> Ready: 0 members in 0 teams", """status {"members":0,"teamCount":0,"publicKeys":0}""",
        }));
    }

    [Test]
    public void Of_a_key_that_is_none_only_the_good_ones_are_counted() =>
        Assert.That(
            JudgedText.Lines(OrganizationJudge.Judge(Read("users: [{name: ann, publicKeys: [nonsense]}]")), Organization.JsonType).Last(),
            Is.EqualTo("""status {"members":1,"teamCount":0,"publicKeys":0}"""));

    [Test]
    public void A_Secret_that_cannot_be_used_stalls_an_organization_that_stays_what_it_is()
    {
        var judged = OrganizationJudge.Judge(new OrganizationSpec { Users = [new OrganizationUser { Name = "a" }] }, "there is no Secret acme-passwords");
        Assert.That(judged.Outcome, Is.EqualTo(new Outcome.Stalled("SecretUnusable", "spec.passwordsSecretRef: there is no Secret acme-passwords") { CheckAgainIn = TimeSpan.FromMinutes(5) }));
        Assert.That(judged.Status.Members, Is.EqualTo(1));
    }

    private static OrganizationSpec Read(string spec) =>
        KubernetesYaml.Read(Encoding.UTF8.GetBytes($"metadata: {{name: a}}\nspec:\n  {spec.Replace("\n", "\n  ", StringComparison.Ordinal)}\n"))
            .Documents.Single().Root.Deserialize(Organization.JsonType)!.Spec;

    [Test]
    public void One_problem_stalls_an_organization_and_its_first_key_counts()
    {
        var spec = new OrganizationSpec { Users = [new OrganizationUser { Name = "a", PublicKeys = ["hello"] }], Teams = [new Team { Name = "web", Members = ["a"] }] };
        var judged = OrganizationJudge.Judge(spec);
        Assert.That(((Outcome.Stalled)judged.Outcome).Message, Does.StartWith("spec.users[0].publicKeys[0]: a: not a public key"));
        Assert.That(judged.Status.Teams!.Single().EffectiveMembers, Is.EqualTo(new[] { "a" }));
    }
}
