using System.Text.Json.Nodes;
using Portcullis.Core.Drift;

namespace Portcullis.Core.Tests.Drift;

/// <summary>Whose the fields of an object are once Git declares it.</summary>
internal sealed class FieldTakeoverTests
{
    [TestCase("kubectl-client-side-apply", "Update")]
    [TestCase("kubectl-edit", "Update")]
    [TestCase("kubectl", "Apply")]
    [TestCase("before-first-apply", "Update")]
    public void What_kubectl_owns_beside_us_becomes_ours(string manager, string operation)
    {
        Assert.That(Of(Ours("""{"f:data":{"f:a":{}}}"""), Entry(manager, operation, """{"f:data":{"f:a":{},"f:b":{}},"f:metadata":{"f:labels":{"f:x":{}}}}""")), Is.EqualTo(new[]
        {
            """ours Apply {"f:data":{"f:a":{},"f:b":{}},"f:metadata":{"f:labels":{"f:x":{}}}}""",
        }));
    }

    [Test]
    public void Before_our_first_apply_an_entry_is_made()
    {
        Assert.That(Of(Entry("kubectl-create", "Update", """{"f:data":{"f:b":{}}}""")), Is.EqualTo(new[] { """ours Apply {"f:data":{"f:b":{}}}""" }));
    }

    [TestCase("helm", "Update", "", "v1")]
    [TestCase("kubectl-scale", "Update", "scale", "v1")]
    [TestCase("kubectl-edit", "Update", "", "v2")]
    [TestCase("kubectlx", "Update", "", "v1")]
    public void What_others_own_stays_theirs(string manager, string operation, string subresource, string apiVersion) =>
        Assert.That(Of(Ours("{}"), Entry(manager, operation, """{"f:data":{"f:b":{}}}""", subresource, apiVersion)), Is.Null);

    [Test]
    public void Finalizers_owners_status_and_what_is_set_by_hand_for_us_stay_where_they_are()
    {
        var fields = """
            {"f:metadata":{"f:annotations":{".":{},"f:kubectl.kubernetes.io/last-applied-configuration":{},"f:portcullis.dev/prune":{}},"f:finalizers":{},"f:ownerReferences":{}},"f:status":{"f:a":{}}}
            """;

        Assert.That(Of(Ours("{}"), Entry("kubectl-annotate", "Update", fields)), Is.EqualTo(new[]
        {
            """ours Apply {"f:metadata":{"f:annotations":{".":{},"f:kubectl.kubernetes.io/last-applied-configuration":{}}}}""",
            """kubectl-annotate Update {"f:metadata":{"f:annotations":{"f:portcullis.dev/prune":{}},"f:finalizers":{},"f:ownerReferences":{}},"f:status":{"f:a":{}}}""",
        }));
    }

    [Test]
    public void A_wish_alone_is_nothing_to_take_over() =>
        Assert.That(Of(Ours("{}"), Entry("kubectl-annotate", "Update", """{"f:metadata":{"f:annotations":{".":{},"f:portcullis.dev/requestedAt":{},"f:reconcile.fluxcd.io/requestedAt":{}}}}""")), Is.Null);

    private static string[]? Of(params JsonObject[] entries)
    {
        var value = new JsonObject { ["apiVersion"] = "v1", ["metadata"] = new JsonObject { ["managedFields"] = new JsonArray([.. entries]) } };
        return FieldTakeover.Of(value, "ours")?.Select(e => $"{e!["manager"]} {e["operation"]} {e["fieldsV1"]!.ToJsonString()}").ToArray();
    }

    private static JsonObject Ours(string fields) => Entry("ours", "Apply", fields);

    private static JsonObject Entry(string manager, string operation, string fields, string subresource = "", string apiVersion = "v1") => new()
    {
        ["manager"] = manager,
        ["operation"] = operation,
        ["apiVersion"] = apiVersion,
        ["subresource"] = subresource,
        ["fieldsV1"] = JsonNode.Parse(fields),
    };
}
