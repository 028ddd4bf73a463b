using Portcullis.Core.Access;
using Portcullis.Core.Collections;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Collections;

internal sealed class CollectionJudgeTests
{
    [Test]
    public void A_status_lists_at_most_a_hundred_members_and_children()
    {
        var model = AccessModel.Build(new AccessSnapshot
        {
            Collections = [Of("all", "/all"), .. Enumerable.Range(0, 120).Select(i => Of($"c{i:000}", $"/all/c{i:000}") with { Spec = new CollectionSpec { Path = $"/all/c{i:000}" } })],
            Namespaces = [.. Names().Select(n => new NamespaceFact(n))],
        });
        var status = CollectionJudge.Judge(new CollectionReadBack("all", model.Tree, null), []).Status;
        Assert.That((status.NamespaceCount, status.Namespaces!.Count, status.Children!.Count), Is.EqualTo((120, 100, 100)));
        Assert.That(status.Namespaces, Is.Ordered);
    }

    [Test]
    public void A_collection_that_the_tree_does_not_know_is_stalled()
    {
        var stalled = (Outcome.Stalled)CollectionJudge.Judge(new CollectionReadBack("ghost", AccessModel.Build(new AccessSnapshot()).Tree, null), []).Outcome;
        Assert.That(stalled.Reason, Is.EqualTo("NotInTree"));
    }

    [Test]
    public void A_collection_that_names_a_node_which_is_not_there_is_not_Ready()
    {
        var isolating = Of("edge", "/edge") with { Spec = new CollectionSpec { Path = "/edge", Nodes = new CollectionNodes { Names = ["n1", "n2"] } } };
        Outcome Judge(params string[] nodes)
        {
            var tree = AccessModel.Build(new AccessSnapshot { Collections = [isolating], Nodes = [.. nodes.Select(n => new NodeFact(n))] }).Tree;
            return CollectionJudge.Judge(new CollectionReadBack("edge", tree, null), []).Outcome;
        }

        Assert.That(((Outcome.Waiting)Judge("n1")).Message, Is.EqualTo("spec.nodes.names[1]: there is no node n2 in the cluster"));
        Assert.That(Judge("n1", "n2"), Is.InstanceOf<Outcome.Ready>());
    }

    [Test]
    public void Nothing_is_planned_for_members_that_were_not_observed()
    {
        var tree = AccessModel.Build(new AccessSnapshot
        {
            Collections = [Of("all", "/all")],
            Namespaces = [.. Names().Select(n => new NamespaceFact(n))],
            Nodes = [new NodeFact("n1")],
        }).Tree;
        var nothing = new CollectionObservation { Namespaces = new Dictionary<string, System.Text.Json.Nodes.JsonObject>(), Nodes = new Dictionary<string, System.Text.Json.Nodes.JsonObject>() };
        Assert.That(CollectionPlanner.Plan("all", tree.ByName("all"), tree, nothing).Actions, Is.Empty);
    }

    private static IEnumerable<string> Names() => Enumerable.Range(0, 120).Select(i => $"n{i:000}");

    private static Collection Of(string name, string path) => new()
    {
        Metadata = new ObjectMeta { Name = name },
        Spec = new CollectionSpec
        {
            Path = path,
            Namespaces = [.. Names().Reverse().Select(n => new CollectionNamespace { Name = n, Mode = NamespaceMode.Adopt })],
            Nodes = new CollectionNodes { Names = ["n1"] },
        },
    };
}
