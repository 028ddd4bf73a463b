using System.Text.Json.Nodes;
using Portcullis.Core.Trust;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;

namespace Portcullis.Core.Tests.Trust;

/// <summary>
/// Each folder is one sentence about the trust data of a repository: what is declared, held and published (<c>given.yaml</c>), what is done and
/// reported (<c>plan.txt</c>). UPDATE_FIXTURES=1 rewrites the plans.
/// </summary>
internal sealed class TrustFixtureTests
{
    private static readonly FixtureFolder Examples = new("TrustDelegation");

    private static IEnumerable<string> Cases => Examples.Sentences;

    [TestCaseSource(nameof(Cases))]
    public void Plan_is_as_written(string sentence)
    {
        var given = Read(sentence);
        var observed = given.Read();
        var plan = TrustPlanner.Plan(observed, given.Now);
        Examples.AssertIs(given.Named(Text([.. Lines(plan), .. Reported(observed, plan, given.Now)])), sentence, "plan.txt");
    }

    [TestCaseSource(nameof(Cases))]
    public void Nothing_is_left_to_do_after_the_plan(string sentence)
    {
        var given = Read(sentence);
        var observed = given.Read();
        var after = AppliedTrust.Apply(observed, TrustPlanner.Plan(observed, given.Now));

        // One version of a root each time.
        for (var i = 0; i < 5 && after.Server is ServerTrust.Present { Trust.Root: var root } && root.Version < after.Remembered.Root; i++)
        {
            after = AppliedTrust.Apply(after, TrustPlanner.Plan(after, given.Now));
        }

        Assert.That(TrustPlanner.Plan(after, given.Now).Actions.Select(a => a.Describe()), Is.Empty);
    }

    [TestCaseSource(nameof(Cases))]
    public void The_order_of_what_was_read_does_not_matter(string sentence)
    {
        var given = Read(sentence);
        var observed = given.Read();
        var turned = observed with { Declared = DeclaredTrust.Of(TrustGiven.Gun, "admin/flask", observed.Declared.By.Reverse().Select(d => d with { Roles = [.. d.Roles.Reverse()] })) };
        Assert.That(Text(Lines(TrustPlanner.Plan(turned, given.Now))), Is.EqualTo(Text(Lines(TrustPlanner.Plan(observed, given.Now)))));
    }

    private static TrustGiven Read(string sentence) => new((JsonObject)KubernetesYaml.Read(Examples.ReadBytes(sentence, "given.yaml")).Documents.Single().Root);

    private static IEnumerable<string> Lines(TrustPlan plan) =>
    [
        .. plan.Actions.Cast<TrustAction.Publish>().SelectMany(Lines),
        .. plan.Actions.Count == 0 ? (string[])["nothing"] : [],
        $"--- {plan.State}{(plan.Reason is null ? "" : $" ({plan.Reason})")}{(plan.Message.Length == 0 ? "" : $": {plan.Message}")}",
        .. plan.Drift.Select(d => $"drift: {d}"),
        .. plan.Expiring.Select(e => $"expiring: {e}"),
        .. plan.Loses.Select(l => $"loses: {l}"),
        .. plan.Pending is { } pending ? [FormattableString.Invariant($"pending: root {pending.Root.Version} until {KubernetesJson.Time(pending.Root.Expires)}, missing {string.Join(", ", pending.Missing)}")] : (string[])[],
        .. plan.NextChange is { } next ? [$"time changes it at {KubernetesJson.Time(next)}"] : (string[])[],
    ];

    private static IEnumerable<string> Lines(TrustAction.Publish publish) =>
    [
        publish.Describe(),
        .. publish.Root is { } root ? [FormattableString.Invariant($"  root {root.Version} until {KubernetesJson.Time(root.Expires)}: root {Ids(root.RootKeys)}; targets {Ids(root.TargetsKeys)}; snapshot {Ids(root.SnapshotKeys)}; timestamp {Ids(root.TimestampKeys)}; signed with {Ids(root.SignWith)}")] : (string[])[],
        .. publish.Roles.SelectMany(Lines),
        .. publish.Snapshot is { } snapshot ? [FormattableString.Invariant($"  snapshot {snapshot.Version} until {KubernetesJson.Time(snapshot.Expires)} signed with {snapshot.SignWith.Id}")] : (string[])[],
        .. publish.Reverts.Select(r => $"  puts back: {r}"),
        .. publish.Drops.Select(d => $"  drops: {d}"),
    ];

    private static IEnumerable<string> Lines(RoleChange role) =>
    [
        FormattableString.Invariant($"  {role.Name} {role.Version} until {KubernetesJson.Time(role.Expires)} signed with {Ids(role.SignWith)}"),
        .. role.Delegations.Select(d => FormattableString.Invariant($"    {d.Name}: {d.Threshold} of {Ids(d.Keys)}, paths {string.Join(' ', d.Paths.Select(p => $"\"{p}\""))}")),
    ];

    private static string Ids(IEnumerable<Core.Trust.Tuf.TufKey> keys) => string.Join(", ", keys.Select(k => k.Id));

    /// <summary>What is reported when all of it is done and read back.</summary>
    private static IEnumerable<string> Reported(TrustObservation observed, TrustPlan plan, DateTimeOffset now)
    {
        var after = AppliedTrust.Apply(observed, plan);
        var report = new TrustReport("admin/flask", after, TrustPlanner.Plan(after, now), [.. plan.Actions.Select(a => new ActionResult.Done(a))]);
        var judged = TrustJudge.Judge(observed.Declared.By[0].Declaration, [report], now);
        return
        [
            "--- reported when all of it is done",
            judged.Outcome.ToString(),
            .. (judged.Status.Repositories ?? []).SelectMany(Lines),
            .. judged.Events.Select(e => $"{(e.Warning ? "Warning" : "Normal")} {e.Reason}: {e.Message}"),
        ];
    }

    private static IEnumerable<string> Lines(RepositoryTrustStatus status) =>
    [
        $"{status.Repository} {status.State} {status.Versions}{(status.Declared is null ? "" : ", remembered")}",
        .. (status.Roles ?? []).Select(r => FormattableString.Invariant($"  {r.Name} {r.State}: {r.Threshold} of {string.Join(", ", r.Keys ?? [])}{(r.Version is { } v ? $"; signed {v}" : "")}")),
    ];

    private static string Text(IEnumerable<string> lines) => string.Concat(lines.Select(l => l + "\n"));
}
