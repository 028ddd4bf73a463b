using Portcullis.Objects.Reconciliation;

namespace Portcullis.Objects.Tests.Reconciliation;

internal sealed class ActionOrderTests
{
    [Test]
    public void Among_ready_actions_narrowing_goes_first_and_then_the_plans_order_holds() =>
        Assert.That(
            Run([Give("give"), Step("first"), Take("take"), Step("second"), Take("take too")]),
            Is.EqualTo(["take", "take too", "first", "second", "give"]));

    [Test]
    public void What_comes_after_another_waits_for_it_even_when_it_narrows() =>
        Assert.That(Run([Step("make"), Take("bound") with { After = ["make"] }]), Is.EqualTo(["make", "bound"]));

    [Test]
    public void What_depends_on_a_failure_is_skipped_and_the_rest_runs() =>
        Assert.That(
            Run([Step("make"), Step("fill") with { After = ["make"] }, Step("seal") with { After = ["fill"] }, Step("other")], fails: ["make"]),
            Is.EqualTo(["make failed", "fill skipped for make", "seal skipped for fill", "other"]));

    [Test]
    public void A_later_phase_starts_when_the_earlier_one_has_ended_however_it_ended() =>
        Assert.That(
            Run([Take("remove") with { Order = 1 }, Step("make"), Step("more") with { After = ["make"] }], fails: ["make"]),
            Is.EqualTo(["make failed", "more skipped for make", "remove"]));

    [Test]
    public void A_dependency_that_is_in_no_plan_counts_as_done() =>
        Assert.That(Run([Step("fill") with { After = ["made long ago"] }]), Is.EqualTo(["fill"]));

    [Test]
    public void A_skipped_action_of_a_later_phase_holds_nothing_up() =>
        Assert.That(
            Run([Step("make"), Step("late") with { After = ["make"], Order = 1 }, Step("last") with { Order = 2 }], fails: ["make"]),
            Is.EqualTo(["make failed", "late skipped for make", "last"]));

    [Test]
    public void While_actions_run_nothing_is_said_to_be_finished()
    {
        var order = new ActionOrder([Step("one"), Step("two") with { After = ["one"] }]);
        var one = order.TakeNext()!;
        Assert.That(order.TakeNext(), Is.Null);
        Assert.That(order.IsFinished, Is.False);
        order.End(one, succeeded: true);
        Assert.That(order.TakeNext()!.Id, Is.EqualTo("two"));
    }

    [Test]
    public void An_abandoned_order_waits_for_what_runs_and_starts_nothing_more()
    {
        var order = new ActionOrder([Step("one"), Step("two"), Step("last") with { Order = 1 }]);
        var (one, two) = (order.TakeNext()!, order.TakeNext()!);
        order.End(one, succeeded: false);
        Assert.That(order.Abandon(one).Select(s => s.Action.Id), Is.EqualTo(["last"]));
        Assert.That(order.IsFinished, Is.False);
        order.End(two, succeeded: true);
        Assert.That(order.IsFinished);
        Assert.That(order.TakeNext(), Is.Null);
    }

    [Test]
    public void Two_actions_of_one_id_are_a_defect_of_the_planner() =>
        Assert.That(() => new ActionOrder([Step("same"), Step("same")]), Throws.ArgumentException);

    [Test]
    public void A_circle_is_a_defect_of_the_planner() =>
        Assert.That(() => Run([Step("egg") with { After = ["hen"] }, Step("hen") with { After = ["egg"] }]), Throws.InvalidOperationException);

    [Test]
    public void Every_action_of_any_plan_ends_once_and_never_before_what_it_comes_after()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var actions = Enumerable.Range(0, random.Next(1, 30))
                .Select(i => new Example($"a{i}", (ActionEffect)random.Next(3))
                {
                    Order = random.Next(3),
                    After = [.. Enumerable.Range(0, random.Next(0, Math.Min(i, 3) + 1)).Select(_ => $"a{random.Next(i + 1)}").Where(id => id != $"a{i}").Distinct()],
                })
                .ToList();
            // One that comes after another is never of an earlier phase.
            for (var i = 0; i < actions.Count; i++)
            {
                var most = actions[i].After.Select(id => actions.Find(a => a.Id == id)!.Order).DefaultIfEmpty(0).Max();
                actions[i] = actions[i] with { Order = Math.Max(actions[i].Order, most) };
            }

            var failing = actions.Where(_ => random.Next(5) == 0).Select(a => a.Id).ToHashSet();
            var lines = Run(actions, failing);
            var ran = lines.Where(l => !l.Contains("skipped", StringComparison.Ordinal)).Select(l => l.Split(' ')[0]).ToList();
            Assert.That(lines, Has.Count.EqualTo(actions.Count), $"seed {seed}");
            Assert.That(lines.Select(l => l.Split(' ')[0]), Is.Unique, $"seed {seed}");
            foreach (var action in actions.Where(a => ran.Contains(a.Id)))
            {
                Assert.That(action.After.All(id => ran.IndexOf(id) is >= 0 and var at && at < ran.IndexOf(action.Id) && !failing.Contains(id)), $"seed {seed}: {action.Id}");
            }

            Assert.That(ran.Select(id => actions.Find(a => a.Id == id)!.Order), Is.Ordered, $"seed {seed}");
        }
    }

    private static Example Step(string id) => new(id, ActionEffect.Neutral);

    private static Example Give(string id) => new(id, ActionEffect.Widen);

    private static Example Take(string id) => new(id, ActionEffect.Narrow);

    /// <summary>One at a time, as a line each.</summary>
    private static List<string> Run(IReadOnlyCollection<PlannedAction> actions, IReadOnlyCollection<string>? fails = null)
    {
        var order = new ActionOrder(actions);
        var lines = new List<string>();
        while (!order.IsFinished)
        {
            var next = order.TakeNext()!;
            var failed = fails?.Contains(next.Id) == true;
            lines.Add(failed ? $"{next.Id} failed" : next.Id);
            lines.AddRange(order.End(next, !failed).Select(s => $"{s.Action.Id} skipped for {s.Cause.Id}"));
        }

        return lines;
    }

    private sealed record Example(string Name, ActionEffect Kind) : PlannedAction
    {
        public int Order { get; init; }

        public override string Id => Name;

        public override ActionEffect Effect => Kind;

        public override int Phase => Order;

        public override string Describe() => Name;
    }
}
