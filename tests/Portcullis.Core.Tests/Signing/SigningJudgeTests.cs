using System.Text.Json.Nodes;
using Portcullis.Core.Signing;
using Portcullis.Objects.Yaml;

namespace Portcullis.Core.Tests.Signing;

/// <summary>What is reported of a policy.</summary>
internal sealed class SigningJudgeTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void What_would_be_refused_is_counted_and_listed_in_the_order_of_names()
    {
        var judged = Judge(Policy("mode: Audit, anySigner: true"), Workload("Pod web/b", "no"), Workload("Pod web/a", null, "bad"), Workload("Pod web/c", (string?)null));
        Assert.Multiple(() =>
        {
            Assert.That((judged.Status.Impact!.Workloads, judged.Status.Impact.Refused, judged.Status.Impact.Images, judged.Status.Impact.At), Is.EqualTo((3, 2, 2, Now)));
            Assert.That(judged.Status.Impact.Refusals, Is.EqualTo(new[] { Refused("Pod web/a", "image-1", "bad"), Refused("Pod web/b", "image-0", "no") }));
            Assert.That(Message(judged), Is.EqualTo("audited; 2 workloads of 3 would be refused if it were enforced"));
            Assert.That(judged.Events.Select(e => e.Message), Is.EqualTo(new[] { "Pod web/a would be refused if the policy were enforced: bad", "Pod web/b would be refused if the policy were enforced: no" }));
        });
    }

    [Test]
    public void At_most_fifty_are_listed_and_all_are_counted()
    {
        var impact = Judge(Policy("mode: Audit, anySigner: true"), [.. Enumerable.Range(0, 120).Select(i => Workload($"Pod web/{i:d3}", "no"))]).Status.Impact!;
        Assert.That((impact.Refused, impact.Refusals!.Count, impact.Refusals[49].Workload), Is.EqualTo((120, 50, "Pod web/049")));
    }

    /// <summary>The API server takes any text for the image of a container, and an object of a few MiB at most.</summary>
    [Test]
    public void Names_and_reasons_of_any_length_leave_room_in_the_status()
    {
        var image = new JudgedImage(new string('i', 1_000_000), new string('r', 599) + "\ud83d\ude00");
        var refusal = Judge(Policy("mode: Audit, anySigner: true"), new JudgedWorkload("Pod web/a", [image])).Status.Impact!.Refusals!.Single();
        Assert.That((refusal.Image, refusal.Reason), Is.EqualTo((new string('i', 600) + "…", new string('r', 599) + "…")));
    }

    [Test]
    public void A_report_that_says_the_same_keeps_its_time_and_is_no_event_again()
    {
        var policy = Policy("mode: Enforce, anySigner: true");
        var first = Judge(policy, Workload("Pod web/a", "no"));
        var again = SigningJudge.Judge(new SigningObservation(policy with { Status = first.Status }) { Workloads = [Workload("Pod web/a", "no")] }, Now.AddMinutes(5));
        var other = SigningJudge.Judge(new SigningObservation(policy with { Status = first.Status }) { Workloads = [Workload("Pod web/a", "worse")] }, Now.AddMinutes(5));
        Assert.Multiple(() =>
        {
            Assert.That((again.Status.Impact!.At, again.Status.EnforcedSince, again.Events.Count), Is.EqualTo((Now, (DateTimeOffset?)Now, 0)));
            Assert.That((other.Status.Impact!.At, other.Events.Single().Message), Is.EqualTo((Now.AddMinutes(5), "Pod web/a would be refused if it were made anew: worse")));
        });
    }

    [TestCase("mode: Enforce, anySigner: true", "enforced; all of 1 workload satisfy it")]
    [TestCase("mode: Audit, anySigner: true", "audited; all of 1 workload satisfy it")]
    public void A_policy_that_all_satisfy_says_so(string spec, string message) => Assert.That(Message(Judge(Policy(spec), Workload("Pod web/a", (string?)null))), Is.EqualTo(message));

    [Test]
    public void An_enforced_policy_that_nothing_enforces_is_not_ready_and_is_looked_at_again_soon()
    {
        var judged = SigningJudge.Judge(new SigningObservation(Policy("mode: Enforce, anySigner: true")) { Workloads = [Workload("Pod web/a", "no")], Gap = "there is no webhook" }, Now);
        Assert.That(judged.Outcome, Is.EqualTo(new Outcome.Waiting(SigningReasons.NotEnforced, "every image runs: there is no webhook", TimeSpan.FromSeconds(5))));
        Assert.That(judged.Status.Impact!.Refused, Is.EqualTo(1), "the report is there all the same");
    }

    [Test]
    public void A_policy_that_is_enforced_no_more_forgets_since_when_it_was()
    {
        var policy = Policy("mode: Audit, anySigner: true") with { Status = new SigningPolicyStatus { EnforcedSince = Now.AddDays(-1) } };
        Assert.That(Judge(policy).Status.EnforcedSince, Is.Null);
    }

    [Test]
    public void A_policy_that_is_off_has_no_report()
    {
        var policy = Policy("mode: \"Off\", anySigner: true") with { Status = Judge(Policy("mode: Audit, anySigner: true"), Workload("Pod web/a", "no")).Status };
        var judged = SigningJudge.Judge(new SigningObservation(policy), Now);
        Assert.That((judged.Status.Impact, Message(judged), ((Outcome.Ready)judged.Outcome).CheckAgainIn), Is.EqualTo(((SigningImpact?)null, "the policy is off", (TimeSpan?)null)));
    }

    [Test]
    public void Workloads_that_cannot_be_listed_leave_the_last_report()
    {
        var policy = Policy("mode: Audit, anySigner: true") with { Status = Judge(Policy("mode: Audit, anySigner: true"), Workload("Pod web/a", "no")).Status };
        var judged = SigningJudge.Judge(new SigningObservation(policy) { Away = new Problem(SigningReasons.WorkloadsUnknown, "spec.scope", "the API is away") }, Now.AddMinutes(1));
        Assert.That((judged.Status.Impact!.Refused, (judged.Outcome as Outcome.Waiting)?.Message), Is.EqualTo((1, "the API is away")));
    }

    [Test]
    public void A_team_that_nobody_declares_stalls_the_policy()
    {
        var judged = Judge(Policy("mode: Enforce, required: [{team: ci/gone}]"));
        Assert.That((judged.Outcome as Outcome.Stalled)?.Message, Does.Contain("the team ci/gone does not exist, or has no members: no image can have its signature"));
    }

    private static Reconciled<SigningPolicyStatus> Judge(SigningPolicy policy, params JudgedWorkload[] workloads) => SigningJudge.Judge(new SigningObservation(policy) { Workloads = workloads }, Now);

    private static JudgedWorkload Workload(string name, params string?[] problems) => new(name, [.. problems.Select((p, i) => new JudgedImage($"image-{i}", p))]);

    private static RefusedWorkload Refused(string workload, string image, string reason) => new() { Workload = workload, Image = image, Reason = reason };

    private static SigningPolicy Policy(string spec) =>
        SigningGiven.Policy((JsonObject)KubernetesYaml.Read(System.Text.Encoding.UTF8.GetBytes($"{{name: policy, {spec}}}")).Documents.Single().Root);

    private static string Message(Reconciled<SigningPolicyStatus> judged) => ((Outcome.Ready)judged.Outcome).Message;
}
