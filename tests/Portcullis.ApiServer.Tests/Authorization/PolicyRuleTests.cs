using Portcullis.ApiServer.Authorization;
using Portcullis.ApiServer.Tests.Policy;
using Portcullis.Objects;

namespace Portcullis.ApiServer.Tests.Authorization;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class PolicyRuleTests
{
    private static readonly ApiResource Pods = Requests.Pods;

    [Test]
    public void Allows_only_its_own_verb_group_and_resource()
    {
        var rule = new PolicyRule { Verbs = ["get"], ApiGroups = [""], Resources = ["pods"] };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(rule.Allows(Requests.Attributes("get", Pods, "a", "p")), Is.True);
            Assert.That(rule.Allows(Requests.Attributes("list", Pods, "a")), Is.False);
            Assert.That(rule.Allows(Requests.Attributes("get", Pods with { Group = "x" }, "a", "p")), Is.False);
            Assert.That(rule.Allows(Requests.Attributes("get", Pods, "a", "p", "log")), Is.False);
        }
    }

    [TestCase("*", true)]
    [TestCase("pods/log", true)]
    [TestCase("*/log", true)]
    [TestCase("pods", false)]
    [TestCase("pods/*", false, Description = "no wildcard in Kubernetes either")]
    [TestCase("*/exec", false)]
    [TestCase("services/log", false)]
    public void Reaches_a_subresource_by_its_own_name_or_a_star_parent(string resource, bool allowed)
    {
        var rule = new PolicyRule { Verbs = ["get"], ApiGroups = [""], Resources = [resource] };
        Assert.That(rule.Allows(Requests.Attributes("get", Pods, "a", "p", "log")), Is.EqualTo(allowed));
    }

    [Test]
    public void A_name_allows_that_object_and_never_the_whole_collection()
    {
        var rule = new PolicyRule { Verbs = ["get", "list"], ApiGroups = [""], Resources = ["pods"], ResourceNames = ["one"] };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(rule.Allows(Requests.Attributes("get", Pods, "a", "one")), Is.True);
            Assert.That(rule.Allows(Requests.Attributes("get", Pods, "a", "two")), Is.False);
            Assert.That(rule.Allows(Requests.Attributes("list", Pods, "a")), Is.False);
            Assert.That(rule.Allows(Requests.Attributes("list", Pods, "a", "one")), Is.True, "a list by metadata.name");
        }
    }

    [TestCase("/healthz", "/healthz", true)]
    [TestCase("/api/*", "/api/v1", true)]
    [TestCase("/api/*", "/api", false)]
    [TestCase("*", "/anything", true)]
    [TestCase("/healthz", "/healthz/etcd", false)]
    public void Reads_a_star_at_the_end_of_a_url(string url, string path, bool allowed)
    {
        var rule = new PolicyRule { Verbs = ["get"], NonResourceUrls = [url] };
        Assert.That(rule.Allows(Requests.Path("get", path)), Is.EqualTo(allowed));
    }
}
