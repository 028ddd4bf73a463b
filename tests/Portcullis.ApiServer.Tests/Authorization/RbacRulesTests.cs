using System.Text.Json.Nodes;
using Portcullis.ApiServer.Admission.Rbac;
using Portcullis.ApiServer.Authorization;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Tests.Policy;

namespace Portcullis.ApiServer.Tests.Authorization;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RbacRulesTests
{
    private readonly RbacRules _rules = new();

    [TestCase(24, Description = "roleRef is immutable")]
    [TestCase(25, Description = "unknown kinds")]
    public void Says_what_is_wrong_as_recorded(int number)
    {
        var steps = Recordings.Steps("rbac.json");
        var old = number == 24 ? steps[5].ResponseBody() : null;
        var value = (old ?? steps[number].RequestBody()).DeepClone().AsObject();
        if (old is not null)
        {
            value["roleRef"]!["name"] = "other";
        }

        _rules.ApplyDefaults(value);
        var status = StatusException.Invalid(RbacKinds.RoleBinding, (string)value["metadata"]!["name"]!, _rules.Validate(value, old)).ToStatus();
        Assert.That(JsonNode.DeepEquals(status, steps[number].ResponseBody()), Requests.Json(status));
    }

    [Test]
    public void Fills_in_the_api_group_of_users_and_groups_only()
    {
        var binding = JsonNode.Parse("""
            {"kind":"RoleBinding","roleRef":{"kind":"Role","name":"r"},
             "subjects":[{"kind":"User","name":"a"},{"kind":"ServiceAccount","name":"b","namespace":"n"}]}
            """)!.AsObject();
        _rules.ApplyDefaults(binding);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)binding["roleRef"]!["apiGroup"], Is.EqualTo(RbacKinds.GroupName));
            Assert.That((string?)binding["subjects"]![0]!["apiGroup"], Is.EqualTo(RbacKinds.GroupName));
            Assert.That(binding["subjects"]![1]!["apiGroup"], Is.Null);
            Assert.That(_rules.Validate(binding, null), Is.Empty);
        }
    }

    [TestCase("""{"verbs":[],"apiGroups":[""],"resources":["pods"]}""", "rules[0].verbs: Required value: verbs must contain at least one value")]
    [TestCase("""{"verbs":["get"],"resources":["pods"]}""", "rules[0].apiGroups: Required value: resource rules must supply at least one api group")]
    [TestCase("""{"verbs":["get"],"apiGroups":[""]}""", "rules[0].resources: Required value: resource rules must supply at least one resource")]
    [TestCase(
        """{"verbs":["get"],"nonResourceURLs":["/x"]}""",
        "rules[0].nonResourceURLs: Invalid value: [\"/x\"]: namespaced rules cannot apply to non-resource URLs")]
    public void Refuses_a_rule_that_means_nothing(string rule, string error)
    {
        var role = new JsonObject { ["kind"] = "Role", ["rules"] = new JsonArray(JsonNode.Parse(rule)) };
        Assert.That(_rules.Validate(role, null).Select(e => e.ToString()), Is.EqualTo([error]));
    }

    [TestCase("build-bot", null)]
    [TestCase("build.bot", null)]
    [TestCase("Build_Bot", "subjects[0].name: Invalid value: \"Build_Bot\": a lowercase RFC 1123 subdomain must consist of")]
    [TestCase("n:build-bot", "subjects[0].name: Invalid value: \"n:build-bot\": a lowercase RFC 1123 subdomain must consist of")]
    public void A_service_account_is_named_as_a_service_account_can_be(string name, string? problem)
    {
        var binding = new JsonObject
        {
            ["kind"] = "RoleBinding",
            ["roleRef"] = new JsonObject { ["apiGroup"] = RbacKinds.GroupName, ["kind"] = "Role", ["name"] = "r" },
            ["subjects"] = new JsonArray(new JsonObject { ["kind"] = "ServiceAccount", ["name"] = name, ["namespace"] = "n" }),
        };
        Assert.That(_rules.Validate(binding, null).Select(e => e.ToString()), problem is null ? Is.Empty : Has.Exactly(1).StartsWith(problem));
    }
}
