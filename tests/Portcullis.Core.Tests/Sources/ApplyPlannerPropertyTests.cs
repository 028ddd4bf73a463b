using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Core.Sources;
using Portcullis.Objects;
using Portcullis.Testing;

namespace Portcullis.Core.Tests.Sources;

/// <summary>Laws that hold for every plan, tried on seeded random worlds.</summary>
public class ApplyPlannerPropertyTests
{
    [Test]
    public void Applying_a_plan_leaves_nothing_to_plan([Range(1, 200)] int seed)
    {
        var world = new World(new Random(seed));

        world.Apply(ApplyPlanner.Plan(world.Observe()));
        world.Apply(ApplyPlanner.Plan(world.Observe())); // the second only takes off the inventory what the first deleted

        Assert.That(ApplyPlanner.Plan(world.Observe()).Actions, Is.Empty);
    }

    [Test]
    public void A_crash_after_any_step_orphans_nothing_and_converges([Range(1, 50)] int seed)
    {
        var steps = ApplyPlanner.Plan(new World(new Random(seed)).Observe()).Actions.Count;
        for (var crash = 0; crash <= steps; crash++)
        {
            var world = new World(new Random(seed));
            var plan = ApplyPlanner.Plan(world.Observe());
            world.Apply(plan with { Actions = [.. plan.Actions.Take(crash)] });
            Assert.That(world.Unlisted, Is.Empty, $"an object exists that the inventory does not know, after step {crash}");

            world.Apply(ApplyPlanner.Plan(world.Observe()));
            world.Apply(ApplyPlanner.Plan(world.Observe()));
            Assert.That(ApplyPlanner.Plan(world.Observe()).Actions, Is.Empty);
        }
    }

    [Test]
    public void The_order_of_what_is_given_changes_nothing([Range(1, 50)] int seed)
    {
        var seen = new World(new Random(seed)).Observe();
        var shuffled = seen with
        {
            Desired = [.. seen.Desired.Reverse()],
            Inventory = [.. seen.Inventory.Reverse()],
            Live = seen.Live.Reverse().ToDictionary(l => l.Key, l => l.Value),
        };

        Assert.That(
            ApplyPlanner.Plan(shuffled).Actions.Select(a => a.Describe()), Is.EqualTo(ApplyPlanner.Plan(seen).Actions.Select(a => a.Describe())));
    }

    [Test]
    public void Never_more_is_deleted_than_the_budget_allows([Range(1, 200)] int seed)
    {
        var seen = new World(new Random(seed)).Observe() with { Budget = new PruneBudget(true, 2, 40) };

        var deleted = ApplyPlanner.Plan(seen).Actions.OfType<ApplyAction.Prune>().Count();

        Assert.That(deleted, Is.LessThanOrEqualTo(2));
        Assert.That(deleted * 100, Is.LessThanOrEqualTo(40 * Math.Max(1, seen.Inventory.Count)));
    }

    [Test]
    public void Only_inventoried_objects_are_deleted([Range(1, 100)] int seed)
    {
        var seen = new World(new Random(seed)).Observe();

        var deleted = ApplyPlanner.Plan(seen).Actions.OfType<ApplyAction.Prune>().Select(p => p.Entry.Identity).ToList();

        Assert.That(deleted, Is.SubsetOf(seen.Inventory.Select(e => e.Identity)));
        Assert.That(deleted.Intersect(seen.Desired.Select(d => d.Identity)), Is.Empty);
    }

    /// <summary>A cluster and a repository in any relation, and what the applier does to them.</summary>
    private sealed class World
    {
        private readonly List<DesiredObject> _desired = [];
        private readonly Dictionary<ObjectIdentity, InventoryEntry> _inventory = [];
        private readonly Dictionary<ObjectIdentity, LiveObject> _live = [];
        private readonly bool _settled;

        public World(Random random)
        {
            _settled = random.Next(2) == 0;
            for (var i = 0; i < random.Next(1, 25); i++)
            {
                var entry = new InventoryEntry("portcullis.dev/v1alpha1", new ObjectIdentity("portcullis.dev", "Grant", ObjectKey.Cluster($"g{i}")));
                var wanted = random.Next(3) > 0 || i == 0;
                if (wanted)
                {
                    _desired.Add(new DesiredObject(entry, $"d{random.Next(3)}", random.Next(3)));
                }

                var listed = random.Next(3) > 0;
                if (listed)
                {
                    _inventory[entry.Identity] = entry;
                }

                // An object of ours that exists is always listed: that is the invariant the planner keeps.
                if (listed && random.Next(3) > 0)
                {
                    _live[entry.Identity] = new LiveObject
                    {
                        Uid = "u",
                        Source = random.Next(6) == 0 && !wanted ? "other" : "team",
                        ContentDigest = $"d{random.Next(3)}",
                        Differences = random.Next(4) == 0 && wanted ? [new FieldDifference("spec.role", "a", "b")] : [],
                        KeepWhenPruned = random.Next(8) == 0,
                        Applied = true,
                    };
                }
            }
        }

        public IEnumerable<ObjectIdentity> Unlisted => _live.Where(l => l.Value.Source == "team" && !_inventory.ContainsKey(l.Key) && !l.Value.KeepWhenPruned).Select(l => l.Key);

        public ApplyObservation Observe() => new()
        {
            Source = "team",
            Kinds = CoreKinds.All,
            Desired = [.. _desired],
            Inventory = [.. _inventory.Values],
            Live = new Dictionary<ObjectIdentity, LiveObject>(_live),
            Settled = _settled,
            Budget = new PruneBudget(true, 100, 100),
        };

        public void Apply(ApplyPlan plan)
        {
            foreach (var action in plan.Actions)
            {
                switch (action)
                {
                    case ApplyAction.Record record:
                        record.Entries.ToList().ForEach(e => _inventory.Add(e.Identity, e));
                        break;
                    case ApplyAction.Forget forget:
                        forget.Entries.ToList().ForEach(e => _inventory.Remove(e.Identity));
                        break;
                    case ApplyAction.Create create:
                        Write(create.Object);
                        break;
                    case ApplyAction.Configure configure:
                        Write(configure.Object);
                        break;
                    case ApplyAction.Revert revert:
                        Write(revert.Object);
                        break;
                    case ApplyAction.Prune prune:
                        _live.Remove(prune.Entry.Identity);
                        break;
                }
            }
        }

        private void Write(DesiredObject desired) =>
            _live[desired.Identity] = new LiveObject { Uid = "u", Source = "team", ContentDigest = desired.ContentDigest, Applied = true };
    }
}
