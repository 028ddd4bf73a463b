using Portcullis.Core.Kinds;
using Portcullis.Core.Sources;
using Portcullis.Testing;

namespace Portcullis.Core.Tests.Sources;

/// <summary>Whether a revision may take the place of the one in force, as far as its prune decides it.</summary>
internal sealed class PrunePlannerTests
{
    private static readonly ApplyObservation Seen = new()
    {
        Source = "team",
        Kinds = CoreKinds.All,
        Desired = [new DesiredObject(Entry("kept"), "d1", 10)],
        Inventory = [Entry("kept"), Entry("a"), Entry("b"), Entry("c")],
        Live = new[] { "a", "b", "c" }.ToDictionary(n => Entry(n).Identity, _ => Live),
        Budget = new PruneBudget(true, 2, 100),
    };

    private static LiveObject Live => new() { Uid = "uid", Source = "team", Applied = true };

    [Test]
    public void A_prune_beyond_the_budget_keeps_its_revision_out_and_names_what_it_would_delete()
    {
        var refusal = PrunePlanner.Refusal(Seen, "main@sha1:99", "99")!;
        Assert.Multiple(() =>
        {
            Assert.That(refusal.Reason, Is.EqualTo("PruneBlocked"));
            Assert.That(refusal.Attempted, Is.EqualTo("main@sha1:99"));
            Assert.That(refusal.Message, Is.EqualTo(
                "3 objects would be deleted and prune.maxCount is 2; approve it with kubectl annotate gitsource team --overwrite portcullis.dev/approve=99"));
            Assert.That(refusal.PruneBlocked.Select(b => b.Identity.ToString()), Is.EqualTo(new[] { "Grant a", "Grant b", "Grant c" }));
        });
    }

    [Test]
    public void A_prune_that_is_approved_or_within_the_budget_keeps_nothing_out()
    {
        Assert.That(PrunePlanner.Refusal(Seen with { PruneApproved = true }, "r", "99"), Is.Null);
        Assert.That(PrunePlanner.Refusal(Seen with { Budget = new PruneBudget(true, 3, 100) }, "r", "99"), Is.Null);
    }

    [Test]
    public void Only_what_would_be_deleted_counts()
    {
        var held = new Dictionary<ObjectIdentity, LiveObject>(Seen.Live)
        {
            [Entry("a").Identity] = Live with { Holds = "Pod x" },
        };
        Assert.That(PrunePlanner.Refusal(Seen with { Live = held }, "r", "99"), Is.Null);
        var two = PrunePlanner.Refusal(Seen with { Live = held, Budget = new PruneBudget(true, 1, 100) }, "r", "99")!;
        Assert.That(two.PruneBlocked.Select(b => b.Identity.ToString()), Is.EqualTo(new[] { "Grant b", "Grant c" }));
    }

    [TestCase(2, 4, 1, true)]
    [TestCase(3, 4, 1, false)]
    [TestCase(0, 4, 0, true)]
    [TestCase(1, 4, 0, false)]
    public void Nothing_is_read_of_a_prune_that_is_small_enough_whatever_the_cluster_holds(int leaving, int inventory, int desired, bool within) =>
        Assert.That(PrunePlanner.IsSurelyWithin(new PruneBudget(true, 2, 100), leaving, inventory, desired), Is.EqualTo(within));

    [Test]
    public void Nothing_is_read_when_pruning_is_off() => Assert.That(PrunePlanner.IsSurelyWithin(new PruneBudget(false, 2, 100), 9, 9, 0));

    private static InventoryEntry Entry(string name) => InventoryEntry.Parse($"portcullis.dev/v1alpha1|Grant||{name}")!.Value;
}
