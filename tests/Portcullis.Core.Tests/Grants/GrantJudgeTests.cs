using System.Text.Json.Nodes;
using Portcullis.Core.Access;
using Portcullis.Core.Grants;
using Portcullis.Core.Roles;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Grants;

internal sealed class GrantJudgeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private static readonly Problem Refusal = new("Forbidden", "", "rolebindings is forbidden");

    [Test]
    public void Is_Ready_when_every_namespace_is_in_force() =>
        Assert.That(Judge([]).Outcome, Is.EqualTo(new Outcome.Ready("1 subject in 2 namespaces")));

    [Test]
    public void A_binding_that_could_not_be_widened_for_another_grant_leaves_this_one_Ready() =>
        Assert.That(Judge([Failed(ActionEffect.Widen, "ours", "other")]).Outcome, Is.InstanceOf<Outcome.Ready>());

    [Test]
    public void A_grant_that_is_not_in_force_because_its_binding_failed_says_why() =>
        Assert.That(Judge([Failed(ActionEffect.Widen, "ours")], "here").Outcome, Is.EqualTo(new Outcome.Failed("Forbidden", Refusal.Message)));

    [Test]
    public void A_grant_whose_binding_is_on_its_way_waits() =>
        Assert.That(Judge([Failed(ActionEffect.Widen, "other")], "here").Outcome, Is.InstanceOf<Outcome.Waiting>());

    [Test]
    public void Access_that_could_not_be_taken_away_fails_every_grant_of_the_binding() =>
        Assert.That(Judge([Failed(ActionEffect.Narrow, "ours", "other")]).Outcome, Is.InstanceOf<Outcome.Failed>());

    [Test]
    public void A_grant_in_whose_reach_nothing_is_gives_nothing_and_is_not_Ready()
    {
        var nothing = Resolution() with { Namespaces = [] };
        var waiting = (Outcome.Waiting)GrantJudge.Judge(new GrantReadBack(nothing), [], Now).Outcome;
        Assert.That((waiting.Reason, waiting.Message), Is.EqualTo(("NothingInReach", "it gives nothing yet: no namespace and no repository is in its reach from /shop")));
        Assert.That(GrantJudge.Judge(new GrantReadBack(nothing with { RepositoryPatterns = 1 }), [], Now).Outcome, Is.InstanceOf<Outcome.Ready>());
        Assert.That(GrantJudge.Judge(new GrantReadBack(nothing with { Role = BuiltInRoles.None }), [], Now).Outcome, Is.InstanceOf<Outcome.Ready>(), "it is not meant to give anything");
    }

    [TestCase("None", 1, "readWrite on 1 repository pattern; the role grants nothing in Kubernetes")]
    [TestCase("ViewOnly", 2, "1 subject in 2 namespaces; readWrite on 2 repository patterns")]
    public void What_a_grant_gives_on_repositories_is_said(string role, int patterns, string message)
    {
        var resolution = Resolution() with { Role = role == "None" ? BuiltInRoles.None : Resolution().Role, RepositoryPatterns = patterns };
        resolution = resolution with { Grant = resolution.Grant with { Spec = resolution.Grant.Spec with { RepositoryPermission = RepositoryPermission.ReadWrite } } };
        var judged = GrantJudge.Judge(new GrantReadBack(resolution) { InForce = ["here", "there"] }, [], Now);
        Assert.That(((Outcome.Ready)judged.Outcome).Message, Is.EqualTo(message));
        Assert.That(judged.Status.Effective!.RepositoryPatterns, Is.EqualTo(patterns));
    }

    [Test]
    public void A_grant_that_gives_nothing_is_reconciled_again_when_it_ends()
    {
        var ending = Resolution() with { Namespaces = [], NextChange = Now.AddMinutes(2) };
        var waiting = (Outcome.Waiting)GrantJudge.Judge(new GrantReadBack(ending), [], Now).Outcome;
        Assert.That(waiting.RetryIn, Is.InRange(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2.1)));
        Assert.That(((Outcome.Waiting)GrantJudge.Judge(new GrantReadBack(ending with { NextChange = null }), [], Now).Outcome).RetryIn, Is.EqualTo(TimeSpan.FromMinutes(10)));
    }

    [Test]
    public void A_grant_waits_for_the_namespaces_that_its_collection_is_about_to_make()
    {
        var some = new GrantReadBack(Resolution() with { NamespacesToCome = 1 }) { InForce = ["here", "there"] };
        var waiting = (Outcome.Waiting)GrantJudge.Judge(some, [], Now).Outcome;
        Assert.That((waiting.Message, waiting.ReportAfter), Is.EqualTo(("1 namespace of its collection does not exist yet", TimeSpan.FromMinutes(1))));
    }

    [Test]
    public void A_grant_on_a_collection_with_something_wrong_says_what_and_what_it_gives_all_the_same()
    {
        var seen = new GrantReadBack(Resolution() with { CollectionProblem = new Problem("DuplicatePath", "spec.path", "/shop is taken") }) { InForce = ["here", "there"] };
        var waiting = (Outcome.Waiting)GrantJudge.Judge(seen, [], Now).Outcome;
        Assert.That((waiting.Reason, waiting.Message), Is.EqualTo(("CollectionNotReady", "1 subject in 2 namespaces; the collection /shop: /shop is taken")));
    }

    [Test]
    public void A_grant_that_names_nothing_real_is_retried_until_what_it_gave_has_gone()
    {
        var problem = new Problem(AccessReasons.UnknownRole, "spec.role", "there is no role x");
        var resolution = Resolution() with { Problem = problem, Role = null, Subjects = [], Namespaces = [] };
        Assert.Multiple(() =>
        {
            Assert.That(GrantJudge.Judge(new GrantReadBack(resolution), [], Now).Outcome, Is.EqualTo(new Outcome.Stalled("UnknownRole", "spec.role: there is no role x") { ReportAfter = TimeSpan.FromSeconds(5) }));
            var failed = (Outcome.Failed)GrantJudge.Judge(new GrantReadBack(resolution), [Failed(ActionEffect.Narrow, "ours")], Now).Outcome;
            Assert.That(failed.Message, Does.Contain("is forbidden").And.Contains("there is no role x"));
        });
    }

    [Test]
    public void A_leaving_grant_is_kept_while_its_role_is_still_bound_somewhere()
    {
        var grant = Resolution().Grant;
        Assert.Multiple(() =>
        {
            Assert.That(GrantJudge.JudgeLeaving(grant, []), Is.Null);
            Assert.That(GrantJudge.JudgeLeaving(grant, [Failed(ActionEffect.Widen, "ours")]), Is.Null, "nothing of it is left");
            Assert.That(GrantJudge.JudgeLeaving(grant, [Failed(ActionEffect.Narrow)]), Is.InstanceOf<Outcome.Failed>(), "the binding does not name it any more");
            Assert.That(GrantJudge.JudgeLeaving(grant, [Failed(ActionEffect.Narrow, "other") with { Action = Delete("portcullis:scheduler") }]), Is.Null, "another role");
        });
    }

    [Test]
    public void That_access_began_by_the_clock_is_an_Event_once()
    {
        var pending = new GrantReadBack(Resolution()) { InForce = ["here", "there"], StateBefore = nameof(GrantState.Pending) };
        Assert.That(GrantJudge.Judge(pending, [], Now).Events, Is.EqualTo([new ReportedEvent(false, GrantReasons.Started, "1 subject in 2 namespaces")]));
        Assert.That(GrantJudge.Judge(pending with { StateBefore = nameof(GrantState.Active) }, [], Now).Events, Is.Empty);
        Assert.That(GrantJudge.Judge(pending with { StateBefore = null }, [], Now).Events, Is.Empty);
    }

    [Test]
    public void What_somebody_did_to_a_binding_is_told_with_the_author()
    {
        var by = new Attribution.User("mallory");
        Assert.Multiple(() =>
        {
            Assert.That(Story(new ActionResult.Done(Delete("portcullis:viewonly")) { Reverted = by }), Is.EqualTo("RoleBinding here/portcullis:viewonly was created by user mallory; removed, because no Grant declares it"));
            Assert.That(Story(new ActionResult.Done(Apply(true)) { Reverted = by }), Is.EqualTo("RoleBinding here/portcullis:viewonly was changed by user mallory; restored as declared"));
            Assert.That(Story(new ActionResult.Done(Apply(false)) { Reverted = by }), Is.EqualTo("RoleBinding here/portcullis:viewonly was deleted by user mallory; restored as declared"));
            Assert.That(Story(new ActionResult.Done(Apply(true))), Is.Null);
        });
    }

    private static string? Story(ActionResult result) => GrantJudge.RevertOf(result)?.Message;

    private static Reconciled<GrantStatus> Judge(IReadOnlyList<ActionResult> results, params string[] inForce) =>
        GrantJudge.Judge(new GrantReadBack(Resolution()) { InForce = inForce.Length == 0 ? ["here", "there"] : inForce }, results, Now);

    private static ActionResult.Failed Failed(ActionEffect effect, params string[] grants) =>
        new(Apply(true) with { Change = effect, OnBehalfOf = [.. grants.Select(ObjectKey.Cluster)] }, Refusal);

    private static BindingAction.Apply Apply(bool exists) => new(new ObjectKey("here", "portcullis:viewonly"), new JsonObject { ["subjects"] = new JsonArray() }, exists);

    private static BindingAction.Delete Delete(string name) => new(new ObjectKey("here", name));

    private static GrantResolution Resolution() => new()
    {
        Grant = new AccessGrant(
            new ObjectMeta { Name = "ours" },
            new GrantSpec { Subject = new GrantSubject { Kind = SubjectKind.User, Name = "ann" }, Role = "ViewOnly", Collection = "/shop" }),
        State = GrantState.Active,
        Role = BuiltInRoles.Find("ViewOnly"),
        Subjects = [RbacSubject.User("ann")],
        Namespaces = ["here", "there"],
    };
}
