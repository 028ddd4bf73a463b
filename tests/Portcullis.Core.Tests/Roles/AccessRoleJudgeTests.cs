using Portcullis.Core.Roles;
using Portcullis.Core.Tests.Access;

namespace Portcullis.Core.Tests.Roles;

/// <summary>What is planned for the ClusterRole of a role, and what is said of the role after that.</summary>
internal sealed class AccessRoleJudgeTests
{
    private static readonly ResolvedRole Role = RoleResolution.Of("deployer", new AccessRoleSpec
    {
        Operations = [new RoleOperation { Name = "Config View" }, new RoleOperation { Name = "Container Create", Options = ["Privileged"] }, new RoleOperation { Name = "Node View" }],
    }).Role;

    private static readonly ResolvedRole Plain = RoleResolution.Of("plain", new AccessRoleSpec { Operations = [new RoleOperation { Name = "Config View" }] }).Role;

    [Test]
    public void A_ClusterRole_is_created_changed_or_left_as_it_is()
    {
        Assert.That(ClusterRolePlanner.Plan(Role, null).Select(a => a.Describe()), Is.EqualTo(new[] { "create ClusterRole portcullis:deployer" }));
        Assert.That(ClusterRolePlanner.Plan(Role, Plain.ClusterRole()).Select(a => a.Describe()), Is.EqualTo(new[] { "change ClusterRole portcullis:deployer" }));
        Assert.That(ClusterRolePlanner.Plan(Role, Role.ClusterRole()), Is.Empty);
    }

    [Test]
    public void Of_a_role_that_leaves_the_ClusterRole_goes_if_there_is_one_of_its_own()
    {
        Assert.That(ClusterRolePlanner.PlanLeaving("deployer", Role.ClusterRole()).Select(a => (a.Describe(), a.Effect)), Is.EqualTo(new[] { ("delete ClusterRole portcullis:deployer", ActionEffect.Narrow) }));
        Assert.That(ClusterRolePlanner.PlanLeaving("deployer", null), Is.Empty);
        Assert.That(ClusterRolePlanner.PlanLeaving("viewonly", Role.ClusterRole()), Is.Empty);
    }

    [Test]
    public void What_it_came_to_is_said_with_what_has_no_meaning_in_Kubernetes()
    {
        Assert.That(Lines(Role, ClusterRolePlanner.Plan(Role, null)), Is.EqualTo(new[]
        {
            "=> Ready: 3 rules in ClusterRole portcullis:deployer; not applicable in Kubernetes: 1 operation",
            """status {"clusterRole":"portcullis:deployer","rules":3,"options":"privileged","outsideKubernetes":["Node View"]}""",
        }));
        Assert.That(Lines(Plain, []), Is.EqualTo(new[] { "=> Ready: 1 rule in ClusterRole portcullis:plain", """status {"clusterRole":"portcullis:plain","rules":1}""" }));
    }

    [TestCase(false, "deleted")]
    [TestCase(true, "changed")]
    public void A_change_by_somebody_else_that_was_put_back_is_told(bool exists, string what)
    {
        var action = ClusterRolePlanner.Plan(Role, exists ? Plain.ClusterRole() : null).Single();
        var judged = AccessRoleJudge.Judge(Role, [new ActionResult.Done(action) { Reverted = new Attribution.User("ann") }]);
        Assert.That(judged.Events.Single(), Is.EqualTo(new ReportedEvent(true, "RoleReverted", $"ClusterRole portcullis:deployer was {what} by user ann; restored as declared")));
        Assert.That(AccessRoleJudge.Judge(Role, [new ActionResult.Done(action)]).Events, Is.Empty);
    }

    [Test]
    public void A_right_that_the_operator_lacks_is_waited_for_and_any_other_failure_is_one()
    {
        var action = ClusterRolePlanner.Plan(Role, null).Single();
        var forbidden = new ActionResult.Failed(action, new Problem("Forbidden", "", "attempt to grant extra privileges"));
        var other = new ActionResult.Failed(action, new Problem("Invalid", "", "no"));
        Assert.That(JudgedText.Of(AccessRoleJudge.Judge(Role, [forbidden]).Outcome), Is.EqualTo(
            "=> Waiting Forbidden, again in 00:00:10: attempt to grant extra privileges; allow this with a ClusterRole labelled rbac.portcullis.dev/aggregate-to-operator=true (docs/access.md)"));
        Assert.That(JudgedText.Of(AccessRoleJudge.Judge(Role, [other]).Outcome), Is.EqualTo("=> Failed Invalid: no"));
        Assert.That(JudgedText.Of(AccessRoleJudge.JudgeLeaving([other])!), Is.EqualTo("=> Failed Invalid: no"));
        Assert.That(AccessRoleJudge.JudgeLeaving([new ActionResult.Done(action)]), Is.Null);
    }

    [Test]
    public void A_role_that_somebody_holds_is_not_deleted()
    {
        Assert.That(AccessRoleJudge.AwaitedBy([]), Is.Null);
        Assert.That(JudgedText.Of(AccessRoleJudge.AwaitedBy(["a", "b"])!), Is.EqualTo("=> Waiting InUse, again in 00:00:30: still used by 2 grants, including a"));
    }

    [Test]
    public void A_role_that_cannot_be_used_says_why() =>
        Assert.That(
            JudgedText.Of(AccessRoleJudge.JudgeRefused([new Problem("Refused", "spec.rules[0].verbs", "no"), new Problem("Refused", "spec", "never")]).Outcome),
            Is.EqualTo("=> Stalled Refused: spec.rules[0].verbs: no; spec: never"));

    private static IEnumerable<string> Lines(ResolvedRole role, IReadOnlyList<PlannedAction> actions) =>
        JudgedText.Lines(AccessRoleJudge.Judge(role, new GivenResults(null).Of(actions)), AccessRole.JsonType);
}
