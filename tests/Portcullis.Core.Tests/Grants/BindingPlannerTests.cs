using System.Text.Json.Nodes;
using Portcullis.Core.Access;
using Portcullis.Core.Grants;
using Portcullis.Core.Roles;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Tests.Grants;

internal sealed class BindingPlannerTests
{
    [TestCase("portcullis:viewonly", true)]
    [TestCase("portcullis:viewonly:01", true)]
    [TestCase("portcullis:viewonlyish", false)]
    [TestCase("portcullis:view", false)]
    [TestCase("viewonly", false)]
    public void A_binding_is_known_by_its_role_and_its_bucket(string name, bool isOf) => Assert.That(BindingPlanner.IsOf("viewonly", name), Is.EqualTo(isOf));

    [TestCase("ann", true)]
    [TestCase("ann bob", true)]
    [TestCase("ann carl", false)]
    [TestCase("carl", false)]
    public void A_role_is_in_force_when_every_subject_is_bound(string subjects, bool isInForce)
    {
        var bound = Bodies(["one"], "ann", "bob");
        Assert.That(BindingPlanner.InForce(BuiltInRoles.Find("ViewOnly")!, [.. subjects.Split(' ').Select(RbacSubject.User)], bound), Is.EqualTo(isInForce));
    }

    [TestCase(100, "g00,g01", "g98,g99")]
    [TestCase(102, "g00,g01", "g98,g99 and 2 more")]
    public void A_binding_names_a_hundred_grants_and_how_many_more(int count, string first, string last)
    {
        var names = Bodies([.. Enumerable.Range(0, count).Select(i => $"g{i:00}")], "ann").Single().Object("metadata").Object("annotations").String("portcullis.dev/grants");
        Assert.That(names, Does.StartWith(first + ",").And.EndsWith("," + last));
    }

    [Test]
    public void A_subject_reads_back_as_it_was_written()
    {
        foreach (var subject in new[] { RbacSubject.User("ann"), RbacSubject.Group("portcullis:acme"), new RbacSubject("ServiceAccount", "deployer", "ci") })
        {
            Assert.That(RbacSubject.Read(subject.ToJson()), Is.EqualTo(subject));
        }
    }

    private static IReadOnlyList<JsonObject> Bodies(IReadOnlyList<string> grants, params string[] users)
    {
        var role = new RoleInNamespace(BuiltInRoles.Find("ViewOnly")!, [.. users.Select(RbacSubject.User)], grants);
        return [.. BindingPlanner.Plan("a", [role], new Dictionary<string, JsonObject>()).Actions.OfType<BindingAction.Apply>().Select(a => a.Body)];
    }
}
