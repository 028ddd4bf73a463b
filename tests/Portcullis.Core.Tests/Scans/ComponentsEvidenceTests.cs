using System.Text.Json.Nodes;
using Portcullis.Core.Attestations;
using Portcullis.Core.Components;
using Portcullis.Core.Scans;

namespace Portcullis.Core.Tests.Scans;

[TestFixture]
internal sealed class ComponentsEvidenceTests
{
    private const string Image = "sha256:i";

    private static readonly string[] Layers = ["sha256:a", "sha256:b"];

    private static readonly InTotoStatement Statement = new ComponentsEvidence(
        "1", [new LayerInventory { Digest = "sha256:a", Packages = [new PackageFile("p", [new() { Format = PackageFormat.Npm, Name = "x", Version = "1" }])] }, new LayerInventory { Digest = "sha256:b" }])
        .ToStatement("r/x", Image);

    [Test]
    public void What_was_attached_is_read_again()
    {
        var read = ComponentsEvidence.Of(Again(Statement), Image, Layers, "1")!;
        Assert.That((read.ScannerVersion, read.Layers.Select(l => l.Digest)), Is.EqualTo(("1", Layers)));
        Assert.That(read.Layers[0].Packages.Single().Components.Single().Name, Is.EqualTo("x"));
    }

    [Test]
    public void It_is_evidence_of_no_other_image_layers_or_version_and_of_no_other_predicate()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ComponentsEvidence.Of(Statement, "sha256:other", Layers, "1"), Is.Null);
            Assert.That(ComponentsEvidence.Of(Statement, Image, ["sha256:b", "sha256:a"], "1"), Is.Null);
            Assert.That(ComponentsEvidence.Of(Statement, Image, ["sha256:a"], "1"), Is.Null);
            Assert.That(ComponentsEvidence.Of(Statement, Image, Layers, "2"), Is.Null);
            Assert.That(ComponentsEvidence.Of(Statement with { PredicateType = "other" }, Image, Layers, "1"), Is.Null);
            Assert.That(ComponentsEvidence.Read(Statement, Image, "1"), Is.Not.Null);
            Assert.That(ComponentsEvidence.Read(Statement, Image, "2"), Is.Null);
        }
    }

    [TestCase("5")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("{\"scannerVersion\": \"1\"}")]
    [TestCase("{\"scannerVersion\": \"1\", \"layers\": 5}")]
    [TestCase("{\"scannerVersion\": \"1\", \"layers\": [{}]}")]
    [TestCase("{\"scannerVersion\": \"1\", \"layers\": [{\"digest\": \"sha256:a\", \"packages\": 5}]}")]
    public void A_predicate_of_another_form_is_no_evidence(string predicate) =>
        Assert.That(ComponentsEvidence.Read(Statement with { Predicate = JsonNode.Parse(predicate)! }, Image, "1"), Is.Null);

    private static InTotoStatement Again(InTotoStatement statement) => InTotoStatement.Read(statement.ToBytes())!;
}
