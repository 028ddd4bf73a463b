using System.Text.Json.Nodes;
using Portcullis.Core.Signing.Workloads;

namespace Portcullis.Core.Tests.Signing;

/// <summary>What controls a pod, and which images an object names.</summary>
internal sealed class WorkloadOwnerTests
{
    private const string Set = """{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web","uid":"u1","controller":true}""";

    [TestCase(Set, "ReplicaSet web u1")]
    [TestCase("""{"apiVersion":"v1","kind":"Node","name":"n","uid":"u0","controller":false},""" + Set, "ReplicaSet web u1")]
    [TestCase(Set + ""","x",{"apiVersion":"batch/v1","kind":"Job","name":"job","uid":"u2","controller":true}""", "ReplicaSet web u1", Description = "an API server takes one controller alone")]
    [TestCase("""{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web","uid":"u1"}""", null, Description = "an owner that does not control it")]
    [TestCase("""{"apiVersion":"example.com/v1","kind":"ReplicaSet","name":"web","uid":"u1","controller":true}""", null, Description = "a kind of somebody else's")]
    [TestCase("""{"apiVersion":"apps/v1","name":"web","uid":"u1","controller":true}""", null)]
    [TestCase("""{"kind":"ReplicaSet","name":"web","uid":"u1","controller":true}""", null)]
    [TestCase("""{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"","uid":"u1","controller":true}""", null)]
    [TestCase("""{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web","controller":true}""", null)]
    [TestCase("", null)]
    public void The_controller_is_the_owner_that_says_so_and_is_of_a_kind_that_makes_pods(string owners, string? expected)
    {
        var owner = WorkloadOwner.Of((JsonObject)JsonNode.Parse($$$"""{"metadata":{"ownerReferences":[{{{owners}}}]}}""")!);
        Assert.That(owner is null ? null : $"{owner.Resource.Kind} {owner.Name} {owner.Uid}", Is.EqualTo(expected));
    }

    [Test]
    public void An_object_without_owners_has_no_controller() => Assert.That(WorkloadOwner.Of([]), Is.Null);

    [Test]
    public void Images_are_named_once_each_in_their_order_and_empty_ones_not()
    {
        var pod = """{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"name":"a","image":"b:1"},{"name":"b","image":""},{"name":"c"},{"name":"d","image":"a:1"},{"name":"e","image":"b:1"}]}}""";
        Assert.That(WorkloadImages.NamesOf((JsonObject)JsonNode.Parse(pod)!), Is.EqualTo(new[] { "b:1", "a:1" }));
        Assert.That(WorkloadImages.NamesOf((JsonObject)JsonNode.Parse("""{"apiVersion":"v1","kind":"Service"}""")!), Is.Empty);
    }
}
