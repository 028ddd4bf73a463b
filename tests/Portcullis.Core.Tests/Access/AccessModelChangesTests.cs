using Portcullis.Core.Access;

namespace Portcullis.Core.Tests.Access;

/// <summary>A model that came about by many changes says what one says that was made at once, tried on seeded random changes.</summary>
internal sealed class AccessModelChangesTests
{
    private const int Changes = 60;

    [Test]
    public void A_model_built_change_by_change_says_what_one_built_at_once_says([Range(1, 150)] int seed)
    {
        var world = new ChangingSnapshot(seed);
        AccessModel? model = null;
        for (var change = 1; change <= Changes; change++)
        {
            var snapshot = world.Next();
            model = AccessModel.Build(snapshot, model);
            Assert.That(AccessModelText.Of(model, snapshot), Is.EqualTo(AccessModelText.Of(AccessModel.Build(snapshot), snapshot)), $"after change {change}");
        }
    }

    [Test]
    public void What_an_earlier_model_says_stays_when_others_are_made_from_it([Range(1, 20)] int seed)
    {
        var world = new ChangingSnapshot(seed);
        var models = new List<(AccessSnapshot Snapshot, AccessModel Model, string Text)>();
        for (var change = 1; change <= Changes; change++)
        {
            var snapshot = world.Next();
            var model = AccessModel.Build(snapshot, models.LastOrDefault().Model);
            models.Add((snapshot, model, AccessModelText.Of(AccessModel.Build(snapshot), snapshot)));
        }

        foreach (var (snapshot, model, text) in models)
        {
            Assert.That(AccessModelText.Of(model, snapshot), Is.EqualTo(text));
        }
    }

    /// <summary>The order in which a store hands out its objects says nothing.</summary>
    [Test]
    public void The_order_of_the_lists_changes_nothing([Range(1, 20)] int seed)
    {
        var world = new ChangingSnapshot(seed);
        for (var change = 1; change < Changes; change++)
        {
            world.Next();
        }

        var snapshot = world.Next();
        var reversed = snapshot with
        {
            Collections = [.. snapshot.Collections.Reverse()],
            Namespaces = [.. snapshot.Namespaces.Reverse()],
            Nodes = [.. snapshot.Nodes.Reverse()],
            Grants = [.. snapshot.Grants.Reverse()],
        };
        Assert.That(AccessModelText.Of(AccessModel.Build(reversed), snapshot), Is.EqualTo(AccessModelText.Of(AccessModel.Build(snapshot), snapshot)));
    }
}
