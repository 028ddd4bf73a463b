using Portcullis.Core.Criteria;
using Portcullis.Core.Promotions;
using Portcullis.Core.Repositories;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Promotions;

/// <summary>Worlds by chance: what holds for every plan.</summary>
internal sealed class PromotionPropertyTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Templates = ["%n", "latest", "v%n", "%H", "%Y-%m-%d"];

    [Test]
    public void A_plan_leaves_nothing_to_do_whenever_it_is_asked_again([Range(1, 200)] int seed)
    {
        var random = new Random(seed);
        var observed = World(random);
        var after = PromotionWorld.Apply(observed, PromotionPlanner.Plan(observed, Start));
        Assert.That(PromotionPlanner.Plan(after, Start).Actions, Is.Empty);
        Assert.That(PromotionPlanner.Plan(after, Start.AddDays(3)).Actions.OfType<PromotionAction.Promote>(), Is.Empty);
    }

    [Test]
    public void A_plan_is_the_same_in_whatever_order_things_were_read([Range(1, 200)] int seed)
    {
        var observed = World(new Random(seed));
        var random = new Random(-seed);
        var shuffled = observed with
        {
            Source = [.. observed.Source.OrderBy(_ => random.Next())],
            Target = [.. observed.Target.OrderBy(_ => random.Next())],
        };
        Assert.That(Describe(PromotionPlanner.Plan(shuffled, Start)), Is.EqualTo(Describe(PromotionPlanner.Plan(observed, Start))));
    }

    [Test]
    public void A_target_never_goes_back_to_an_older_image_and_an_immutable_one_never_changes([Range(1, 200)] int seed)
    {
        var random = new Random(seed);
        var observed = World(random);
        for (var hour = 0; hour < 6; hour++)
        {
            var now = Start.AddHours(hour);
            var plan = PromotionPlanner.Plan(observed, now);
            var after = PromotionWorld.Apply(observed, plan);
            foreach (var (was, isNow) in observed.Target.Join(after.Target, e => e.Tag, e => e.Tag, (was, isNow) => (was, isNow)).Where(p => p.was.Digest != p.isNow.Digest))
            {
                Assert.That(observed.ImmutableBy(was.Tag), Is.Null);
                Assert.That(was.PromotedFrom?.Policy, Is.Not.EqualTo("other"));
                Assert.That(was.PromotedFrom?.PushedAt ?? DateTimeOffset.MinValue, Is.LessThanOrEqualTo(isNow.PromotedFrom!.PushedAt!.Value));
            }

            Assert.That(plan.Actions.OfType<PromotionAction.Promote>().Where(p => !p.IsThere).Select(p => p.Promotion.TargetTag), Is.Unique);
            observed = Disturbed(after, random, now.AddMinutes(30));
        }
    }

    /// <summary>A push to the source, or a tag that goes, or evidence that comes.</summary>
    private static PromotionObservation Disturbed(PromotionObservation observed, Random random, DateTimeOffset now) => random.Next(3) switch
    {
        0 => observed with { Source = [.. observed.Source.Skip(1), Entry($"n{random.Next(3)}-{now.Hour}", random, now)] },
        1 => observed with { Source = [.. observed.Source.Skip(1)] },
        _ => observed with { Evidence = Enumerable.Range(0, 6).ToDictionary(i => $"sha256:{i}", _ => Scanned(0), StringComparer.Ordinal) },
    };

    private static PromotionObservation World(Random random) => new(new PromotionPolicy
    {
        Metadata = new ObjectMeta { Name = "mine", Generation = 2, CreationTimestamp = Start.AddDays(-1) },
        Spec = new PromotionPolicySpec
        {
            Registry = "dtr",
            Source = new PromotionSource { Repository = "a/a" },
            Target = new PromotionTarget { Repository = "a/b", TagTemplate = Templates[random.Next(Templates.Length)] },
            Criteria = [new Criterion { Field = CriterionField.CriticalVulnerabilities, Operator = CriterionOperator.LessOrEqual, Values = ["0"] }],
            ApplyTo = random.Next(2) == 0 ? PromotionScope.Existing : PromotionScope.Future,
        },
    })
    {
        Source = [.. Enumerable.Range(0, random.Next(8)).Select(i => Entry($"t{i}", random, Start.AddHours(-random.Next(48))))],
        Target = [.. new[] { "latest", "t1", "t2", "vt1", "12", "2026-03-02" }.Where(_ => random.Next(2) == 0).Select(t => Entry(t, random, Start.AddHours(-random.Next(48))) with
        {
            PromotedFrom = random.Next(3) switch
            {
                0 => null,
                1 => new PromotionOrigin { Policy = "other", Repository = "a/c", Tag = "1" },
                _ => new PromotionOrigin { Policy = "mine", Repository = "a/a", Tag = $"t{random.Next(4)}", PushedAt = Start.AddHours(-random.Next(48)) },
            },
        })],
        ImmutableBy = tag => tag is "t2" or "12" ? "a rule" : null,
        Evidence = Enumerable.Range(0, 6).Where(_ => random.Next(4) != 0).ToDictionary(i => $"sha256:{i}", _ => Scanned(random.Next(2)), StringComparer.Ordinal),
        OthersToTarget = [new PromotionPolicy
        {
            Metadata = new ObjectMeta { Name = "other" },
            Spec = new PromotionPolicySpec { Registry = "dtr", Source = new PromotionSource { Repository = "a/c" }, Target = new PromotionTarget { Repository = "a/b" } },
        }],
    };

    private static TagEntry Entry(string tag, Random random, DateTimeOffset pushedAt) => new() { Tag = tag, Digest = $"sha256:{random.Next(6)}", PushedAt = pushedAt };

    private static ImageEvidence Scanned(int critical) => new() { Scan = new ScanEvidence { State = ScanState.Completed, Critical = critical } };

    private static IEnumerable<string> Describe(PromotionPlan plan) =>
        plan.Actions.Select(a => a.Describe()).Concat(plan.Decisions.Select(d => $"{d.Source.Tag} {d.Decision} {d.TargetTag} {d.Reason}")).Append($"{plan.NextChange}");
}
