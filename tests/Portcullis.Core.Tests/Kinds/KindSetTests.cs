using Portcullis.Core.Kinds;
using Portcullis.Testing;

namespace Portcullis.Core.Tests.Kinds;

internal sealed class KindSetTests
{
    /// <summary>What others live in or are read by comes first; kinds of ours follow in the order of the catalogue.</summary>
    [Test]
    public void A_revision_is_applied_from_definitions_to_what_nothing_depends_on()
    {
        (string Group, string Kind)[] ordered =
        [
            ("apiextensions.k8s.io", "CustomResourceDefinition"), ("", "Namespace"), ("rbac.authorization.k8s.io", "ClusterRole"),
            .. CoreKinds.All.All.Select(k => (k.Resource.Group, k.Resource.Kind)), ("apps", "Deployment"),
        ];
        var stages = ordered.Select(k => CoreKinds.All.StageOf(k.Group, k.Kind)).ToList();
        Assert.That(stages, Is.Ordered.And.Unique);
        Assert.That(stages[^1], Is.EqualTo(KindSet.Rest));
    }

    [TestCase("rbac.authorization.k8s.io", "ClusterRole")]
    [TestCase("", "ServiceAccount")]
    [TestCase("", "Secret")]
    [TestCase("", "ConfigMap")]
    public void What_objects_read_is_applied_side_by_side_before_them(string group, string kind) =>
        Assert.That(CoreKinds.All.StageOf(group, kind), Is.EqualTo(2));

    [TestCase("portcullis.dev", true)]
    [TestCase("apps", false)]
    public void Knows_whether_a_group_is_ours(string group, bool isOurs) =>
        Assert.That(new KindSet(CoreKinds.All.All).With(Foreign).HasGroup(group), Is.EqualTo(isOurs));

    [Test]
    public void Finds_a_kind_in_whatever_version() =>
        Assert.That((CoreKinds.All.FindByGroup("portcullis.dev", "Grant")?.Resource.Kind, CoreKinds.All.FindByGroup("apps", "Grant")), Is.EqualTo(("Grant", (KindDefinition?)null)));

    private static KindDefinition Foreign => CoreKinds.All.All[0] with { Resource = CoreKinds.All.All[0].Resource with { Group = "other.example" } };
}
