using Portcullis.ApiServer.Authorization;
using Portcullis.ApiServer.Tests.Policy;
using Portcullis.Objects;

namespace Portcullis.ApiServer.Tests.Authorization;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RbacAuthorizerTests
{
    private static readonly ApiResource ConfigMaps = Requests.ConfigMaps;

    [Test]
    public void Masters_may_everything_without_a_reason()
    {
        var decision = new RbacWorld().Authorizer.Authorize(Requests.Admin, Requests.Path("delete", "/anything"));
        Assert.That(decision, Is.EqualTo(new AuthorizationDecision(true, "")));
    }

    [Test]
    public void Names_the_binding_role_and_subject_that_allowed()
    {
        var world = new RbacWorld()
            .Role("a", "reader", RbacWorld.Rule("get", "", "configmaps"))
            .Bind("a", "b", "Role", "reader", RbacWorld.User("ann"), new BindingSubject(BindingSubject.ServiceAccount, "a", "bot"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                world.Authorizer.Authorize(Requests.User("ann"), Requests.Attributes("get", ConfigMaps, "a", "x")).Reason,
                Is.EqualTo("RBAC: allowed by RoleBinding \"b/a\" of Role \"reader\" to User \"ann\""));
            Assert.That(
                world.Authorizer.Authorize(Requests.User("system:serviceaccount:a:bot"), Requests.Attributes("get", ConfigMaps, "a", "x")).Reason,
                Is.EqualTo("RBAC: allowed by RoleBinding \"b/a\" of Role \"reader\" to ServiceAccount \"bot/a\""));
        }
    }

    [Test]
    public void A_role_binding_gives_a_cluster_role_in_its_own_namespace_only()
    {
        var world = new RbacWorld().Bind("a", "b", "ClusterRole", "system:aggregate-to-view", RbacWorld.Group("team"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(world.Can(Requests.User("ann", "team"), "list", ConfigMaps, "a"), Is.True);
            Assert.That(world.Can(Requests.User("ann", "team"), "list", ConfigMaps, "b"), Is.False);
            Assert.That(world.Can(Requests.User("ann", "team"), "list", ConfigMaps, ""), Is.False);
            Assert.That(world.Can(Requests.User("ann"), "list", ConfigMaps, "a"), Is.False);
        }
    }

    [Test]
    public void Says_which_role_a_binding_names_in_vain()
    {
        var world = new RbacWorld().Bind("a", "b", "ClusterRole", "missing", RbacWorld.User("ann"));
        var decision = world.Authorizer.Authorize(Requests.User("ann"), Requests.Attributes("get", ConfigMaps, "a", "x"));
        Assert.That(decision, Is.EqualTo(new AuthorizationDecision(
            false, "RBAC: clusterrole.rbac.authorization.k8s.io \"missing\" not found")));
    }

    [Test]
    public void Follows_every_change_of_roles_and_bindings()
    {
        var world = new RbacWorld();
        var ann = Requests.User("ann");
        _ = world.Bind("a", "b", "Role", "reader", RbacWorld.User("ann"), RbacWorld.User("bob"));
        Assert.That(world.Can(ann, "get", ConfigMaps, "a", "x"), Is.False, "no role yet");
        _ = world.Role("a", "reader", RbacWorld.Rule("get", "", "configmaps"));
        Assert.That(world.Can(ann, "get", ConfigMaps, "a", "x"), Is.True);
        _ = world.Bind("a", "b", "Role", "reader", RbacWorld.User("bob"), RbacWorld.User("zoe"));
        Assert.That(world.Can(ann, "get", ConfigMaps, "a", "x"), Is.False, "left the binding");
        Assert.That(world.Can(Requests.User("zoe"), "get", ConfigMaps, "a", "x"), Is.True, "joined it");
        world.Store.Delete(RbacKinds.RoleBinding, new ObjectKey("a", "b"));
        Assert.That(world.Can(Requests.User("bob"), "get", ConfigMaps, "a", "x"), Is.False, "binding gone");
    }

    [Test]
    public void Starts_from_what_is_stored()
    {
        var world = new RbacWorld()
            .Role("a", "reader", RbacWorld.Rule("get", "", "configmaps"))
            .Bind("a", "b", "Role", "reader", RbacWorld.User("ann"));
        var second = new RbacAuthorizer(RbacIndex.Of(world.Store));
        Assert.That(second.Authorize(Requests.User("ann"), Requests.Attributes("get", ConfigMaps, "a", "x")).Allowed, Is.True);
    }

    [Test]
    public void Costs_the_same_however_many_bindings_other_namespaces_have()
    {
        var few = new RbacWorld().Role("", "reader", RbacWorld.Rule("get", "", "configmaps")).Bind("a", "b", "ClusterRole", "reader", RbacWorld.User("ann"));
        var many = new RbacWorld().Role("", "reader", RbacWorld.Rule("get", "", "configmaps")).Bind("a", "b", "ClusterRole", "reader", RbacWorld.User("ann"));
        for (var i = 0; i < 5000; i++)
        {
            _ = many.Bind($"n{i}", "b", "ClusterRole", "reader", RbacWorld.User("ann"), RbacWorld.Group("team"));
        }

        // Looked up by hash: the number of bindings visited is what must not grow.
        Assert.That(many.Index.BindingsOf(Requests.User("ann"), "a").Count(), Is.EqualTo(few.Index.BindingsOf(Requests.User("ann"), "a").Count()));
    }

    [Test]
    public void One_binding_with_five_thousand_subjects_visits_one_entry()
    {
        var world = new RbacWorld()
            .Role("a", "reader", RbacWorld.Rule("get", "", "configmaps"))
            .Bind("a", "b", "Role", "reader", [.. Enumerable.Range(0, 5000).Select(i => RbacWorld.User($"u{i}"))]);
        var user = Requests.User("u4999");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(world.Index.BindingsOf(user, "a").Count(applied => !applied.Binding.IsCluster), Is.EqualTo(1));
            Assert.That(world.Can(user, "get", ConfigMaps, "a", "x"), Is.True);
        }
    }
}
