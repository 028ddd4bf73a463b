using System.Text.Json.Nodes;
using Portcullis.Core.Kept;
using Portcullis.Objects;
using Portcullis.Objects.Yaml;

namespace Portcullis.Core.Tests.Kept;

/// <summary>Whose an object is that stands under a name of ours, and what is said of another's.</summary>
internal sealed class ForeignObjectTests
{
    private static readonly JsonObject Created =
        Read("{metadata: {name: q, managedFields: [{manager: kubectl-create, operation: Update, time: '2026-11-01T10:00:00Z', fieldsV1: {}}]}}");

    [TestCase("{metadata: {name: q}}", false)]
    [TestCase("{metadata: {labels: {app.kubernetes.io/managed-by: portcullis}}}", true)]
    [TestCase("{metadata: {labels: {app.kubernetes.io/managed-by: helm}}}", false)]
    [TestCase("{metadata: {managedFields: [{manager: helm}, {manager: portcullis-grants}]}}", true)]
    [TestCase("{metadata: {managedFields: [{manager: portcullis-grants, subresource: status}]}}", false)]
    [TestCase("{metadata: {managedFields: [{manager: portcullis-collections}]}}", false)]
    public void Ours_carries_our_label_or_was_written_by_our_manager(string present, bool ours) =>
        Assert.That(ForeignObject.IsOurs(Read(present), WellKnown.Managers.Grants), Is.EqualTo(ours));

    [Test]
    public void One_that_is_left_alone_is_named_with_who_wrote_it_and_what_to_do()
    {
        var left = ForeignObject.Left(ClusterKinds.ResourceQuota, new ObjectKey("team-a", "q"), Created);
        Assert.That(left.Reason, Is.EqualTo("ForeignObject"));
        Assert.That(left.Message, Is.EqualTo(
            "ResourceQuota team-a/q was not made by Portcullis (last written by field manager kubectl-create at 2026-11-01T10:00:00Z): "
            + "delete it, or write mode: Adopt for the namespace team-a in its Collection to have it taken over"));
        Assert.That(ForeignObject.Left(ClusterKinds.ClusterRole, ObjectKey.Cluster("portcullis:x"), Created).Message, Does.StartWith("ClusterRole portcullis:x was").And.EndsWith(": delete it"));
    }

    [Test]
    public void One_that_is_taken_over_is_named_as_well()
    {
        var taken = ForeignObject.TakenOver(ClusterKinds.RoleBinding, new ObjectKey("team-a", "portcullis:viewonly"), Created);
        Assert.That((taken.Warning, taken.Reason), Is.EqualTo((true, "TakenOver")));
        Assert.That(taken.Message, Does.StartWith("RoleBinding team-a/portcullis:viewonly was not made by Portcullis").And.EndsWith("it was taken over and says what is declared"));
    }

    private static JsonObject Read(string yaml) => (JsonObject)KubernetesYaml.Read(System.Text.Encoding.UTF8.GetBytes(yaml)).Documents[0].Root;
}
