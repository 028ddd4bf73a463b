using System.Text.Json.Nodes;
using Portcullis.ApiServer.Admission;
using Portcullis.ApiServer.Admission.Rbac;
using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Authorization;
using Portcullis.ApiServer.Tests.Policy;

namespace Portcullis.ApiServer.Tests.Authorization;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class EscalationCheckTests
{
    private readonly RbacWorld _world = new RbacWorld()
        .Role("", "rbac-admin", RbacWorld.Rule("create update patch get", RbacKinds.GroupName, "*"))
        .Bind("", "rbac-admin", "ClusterRole", "rbac-admin", RbacWorld.User("carl"));

    private static UserInfo Carl => Requests.User("carl");

    private EscalationCheck Check => new(_world.Authorizer, _world.Index);

    [Test]
    public void Refuses_a_role_with_more_than_its_writer_has_in_the_recorded_words()
    {
        var step = Recordings.Steps("rbac.json")[22];
        var denied = Check.Run(Create(RbacKinds.Role, step.RequestBody(), "case-rbac"));
        Assert.That(denied!.Message, Is.EqualTo((string?)step.ResponseBody()["message"]));
    }

    [Test]
    public void Refuses_a_binding_to_a_role_with_more_in_the_recorded_words()
    {
        var step = Recordings.Steps("rbac.json")[23];
        var denied = Check.Run(Create(RbacKinds.RoleBinding, step.RequestBody(), "case-rbac"));
        Assert.That(denied!.Message, Is.EqualTo((string?)step.ResponseBody()["message"]));
    }

    [Test]
    public void Lets_the_verbs_escalate_and_bind_through_for_the_named_role()
    {
        _ = _world
            .Role("", "deputy", RbacWorld.Rule("escalate", RbacKinds.GroupName, "roles", "more"), RbacWorld.Rule("bind", RbacKinds.GroupName, "clusterroles", "view"))
            .Bind("a", "deputy", "ClusterRole", "deputy", RbacWorld.User("carl"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Check.Run(Create(RbacKinds.Role, Role("more"), "a")), Is.Null);
            Assert.That(Check.Run(Create(RbacKinds.Role, Role("other"), "a")), Is.Not.Null);
            Assert.That(Check.Run(Create(RbacKinds.RoleBinding, RbacWorld.Binding("a", "b", "ClusterRole", "view", RbacWorld.User("x")), "a")), Is.Null);
            Assert.That(
                Check.Run(Create(RbacKinds.RoleBinding, RbacWorld.Binding("a", "b", "ClusterRole", "cluster-admin", RbacWorld.User("x")), "a")), Is.Not.Null);
        }
    }

    [Test]
    public void What_one_has_one_may_give()
    {
        _ = _world.Role("", "reader", RbacWorld.Rule("get list", "", "secrets")).Bind("a", "r", "ClusterRole", "reader", RbacWorld.User("carl"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Check.Run(Create(RbacKinds.Role, Role("some"), "a")), Is.Null);
            Assert.That(Check.Run(Create(RbacKinds.Role, Role("some"), "b")), Is.Not.Null, "not there");
            Assert.That(Check.Run(Create(RbacKinds.Role, Role("some"), "b") with { User = Requests.Admin }), Is.Null, "a master");
        }
    }

    [Test]
    public void A_missing_role_cannot_be_judged() => Assert.That(
        Check.Run(Create(RbacKinds.RoleBinding, RbacWorld.Binding("a", "b", "ClusterRole", "missing", RbacWorld.User("x")), "a"))!.Code, Is.EqualTo(404));

    [Test]
    public void Aggregation_needs_everything()
    {
        var role = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "agg" },
            ["aggregationRule"] = new JsonObject { ["clusterRoleSelectors"] = new JsonArray(new JsonObject()) },
        };
        Assert.That(
            Check.Run(Create(RbacKinds.ClusterRole, role, ""))!.Message,
            Is.EqualTo("clusterroles.rbac.authorization.k8s.io \"agg\" is forbidden: must have cluster-admin privileges to use the aggregationRule"));
    }

    private static JsonObject Role(string name) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = name },
        ["rules"] = new JsonArray(RbacWorld.Rule("get", "", "secrets").ToJson()),
    };

    private static AdmissionAttributes Create(Portcullis.Objects.ApiResource resource, JsonObject value, string @namespace) => new()
    {
        User = Carl,
        Attributes = Requests.Attributes("create", resource, @namespace),
        Resource = resource,
        Operation = "CREATE",
        Object = value.DeepClone().AsObject(),
    };
}
