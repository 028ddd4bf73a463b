using Portcullis.Core.Access;
using Portcullis.Core.Collections;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Collections;

internal sealed class StrayLabelPlannerTests
{
    private static readonly CollectionTree Tree = AccessModel.Build(new AccessSnapshot
    {
        Collections =
        [
            new Collection
            {
                Metadata = new ObjectMeta { Name = "production" },
                Spec = new CollectionSpec { Path = "/production", Namespaces = [new CollectionNamespace { Name = "member", Mode = NamespaceMode.Adopt }] },
            },
        ],
        Namespaces = [new NamespaceFact("member"), new NamespaceFact("stranger")],
    }).Tree;

    [Test]
    public void Labels_of_the_tree_are_taken_off_a_namespace_that_is_in_no_collection()
    {
        var action = (CollectionAction.RemoveStrayLabels)Plan("stranger", ("production.tree.portcullis.dev/depth", "0"), ("team", "x")).Single();
        Assert.That(action.Labels, Is.EqualTo(new[] { "production.tree.portcullis.dev/depth" }));
        Assert.That(action.Effect, Is.EqualTo(Portcullis.Objects.Reconciliation.ActionEffect.Narrow));
    }

    [Test]
    public void A_member_and_one_that_carries_a_collections_name_are_that_collections_own_business()
    {
        Assert.That(Plan("member", ("production.tree.portcullis.dev/depth", "0")), Is.Empty);
        Assert.That(Plan("stranger", ("production.tree.portcullis.dev/depth", "0"), (WellKnown.Labels.Collection, "unseen")), Is.Empty);
    }

    [Test]
    public void Other_labels_are_nobodys_business() => Assert.That(Plan("stranger", ("team", "x"), (WellKnown.Labels.Source, "root")), Is.Empty);

    private static IReadOnlyList<CollectionAction> Plan(string name, params (string Key, string Value)[] labels) =>
        StrayLabelPlanner.Plan(name, labels.ToDictionary(l => l.Key, l => l.Value, StringComparer.Ordinal), Tree);
}
