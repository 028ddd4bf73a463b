using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Core.Attestations;
using Portcullis.Core.Scans;

namespace Portcullis.Core.Tests.Scans;

/// <summary>What counts of a document that an author has signed.</summary>
[TestFixture]
internal sealed class SignedDocumentTests
{
    private const string Image = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Other = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    private const string Trivy = """{"SchemaVersion":2,"ArtifactName":"a","Results":[{"Vulnerabilities":[{"VulnerabilityID":"A","PkgName":"p"},{"VulnerabilityID":"B"}]}]}""";
    private const string Vex = """{"@context":"https://openvex.dev/ns/v0.2.0","author":"ann","statements":[]}""";

    private static string TrivyOf(string image) => Trivy.Replace("\"Results\"", $"\"Metadata\":{{\"RepoDigests\":[\"x@{image}\"]}},\"Results\"", StringComparison.Ordinal);

    [Test]
    public void A_statement_about_the_image_counts_and_the_documents_that_came_before_stay()
    {
        var evidence = With(With(ForeignEvidence.None, Statement(Image, Trivy), "sha256:1"), Statement(Image, Vex), "sha256:2");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((evidence.Reports.Count, evidence.Vex.Count), Is.EqualTo((1, 1)));
            Assert.That(evidence.Attested, Is.EqualTo(new[] { "Trivy by ann (sha256:1)", "VEX by ann (sha256:2)" }));
            Assert.That(evidence.Ignored, Is.Empty);
            Assert.That(evidence.Unread, Is.EqualTo(new[] { "in the report of Trivy: the vulnerability \"B\" of the package \"\" of type \"\" cannot be taken over" }));
        }
    }

    [Test]
    public void The_report_in_the_attestation_of_cosign_counts()
    {
        var evidence = With(ForeignEvidence.None, Statement(Image, $$"""{"scanner": {"result": {{Trivy}} } }"""));
        Assert.That(evidence.Reports.Single().Findings.Single().Vulnerability.Id, Is.EqualTo("A"));
        Assert.That(With(ForeignEvidence.None, Statement(Image, Trivy, "https://in-toto.io/Statement/v0.1")).Reports, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_report_by_itself_counts_when_it_says_that_it_is_about_the_image()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(With(ForeignEvidence.None, TrivyOf(Image)).Reports, Has.Count.EqualTo(1));
            Assert.That(With(ForeignEvidence.None, Vex).Vex, Has.Count.EqualTo(1));
            Assert.That(With(ForeignEvidence.None, Statement(Image, TrivyOf(Other))).Reports, Has.Count.EqualTo(1), "the statement says which image it is about");
        }
    }

    [TestCaseSource(nameof(Useless))]
    public void What_is_about_something_else_or_about_nobody_knows_what_does_not_count(string payload, string reason)
    {
        var before = ForeignEvidence.None.Without("sha256:0", "it is not signed");
        var evidence = With(before, payload);
        Assert.That((evidence.Reports.Count, evidence.Vex.Count, evidence.Attested.Count), Is.EqualTo((0, 0, 0)));
        Assert.That(evidence.Ignored, Is.EqualTo(new[] { "sha256:0: it is not signed", $"sha256:1: signed by ann, and {reason}" }));
    }

    private static IEnumerable<TestCaseData> Useless()
    {
        yield return new(Statement(Other, Trivy), "about another image");
        yield return new(Statement(Other, Vex), "about another image");
        yield return new(TrivyOf(Other), "about another image");
        yield return new(Trivy, "does not say which image it is about");
        yield return new("{}", "neither a report nor a VEX document");
        yield return new("no JSON", "neither a report nor a VEX document");
        yield return new(Statement(Image, "5"), "neither a report nor a VEX document");
        yield return new(Statement(Image, Trivy, "https://in-toto.io/Statement/v9"), "neither a report nor a VEX document");
    }

    private static ForeignEvidence With(ForeignEvidence evidence, string payload, string referrer = "sha256:1") => evidence.With("ann", referrer, Encoding.UTF8.GetBytes(payload), Image);

    private static string Statement(string image, string predicate, string type = InTotoStatement.StatementType) =>
        Encoding.UTF8.GetString((InTotoStatement.About("x", image, "p", JsonNode.Parse(predicate)!) with { Type = type }).ToBytes());
}
