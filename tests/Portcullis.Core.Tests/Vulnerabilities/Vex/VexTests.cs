using System.Text;
using Portcullis.Core.Components;
using Portcullis.Core.Vulnerabilities;
using Portcullis.Core.Vulnerabilities.Vex;

namespace Portcullis.Core.Tests.Vulnerabilities.Vex;

[TestFixture]
public sealed class VexTests
{
    private const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Hex = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string NotAffected = "\"status\":\"not_affected\",\"justification\":\"component_not_present\"";

    [TestCase("{\"@id\":\"pkg:deb/debian/openssl@3.0-1\"}", true)]
    [TestCase("{\"@id\":\"pkg:deb/debian/openssl\"}", true, Description = "all versions")]
    [TestCase("{\"@id\":\"pkg:deb/debian/openssl@3.0-1?arch=amd64\"}", true)]
    [TestCase("{\"@id\":\"pkg:deb/debian/openssl@3.0-1?arch=arm64\"}", false)]
    [TestCase("{\"@id\":\"pkg:deb/debian/openssl@3.0-2\"}", false)]
    [TestCase("{\"@id\":\"pkg:deb/ubuntu/openssl@3.0-1\"}", false)]
    [TestCase("{\"@id\":\"pkg:deb/debian/libssl@3.0-1\"}", false)]
    [TestCase("{\"@id\":\"pkg:apk/debian/openssl@3.0-1\"}", false)]
    [TestCase("{\"identifiers\":{\"purl\":\"pkg:deb/debian/openssl@3.0-1\"}}", true)]
    [TestCase("{\"@id\":\"pkg:deb/debian/openssl\",\"subcomponents\":[{\"@id\":\"pkg:deb/debian/openssl\"}]}", false, Description = "a package has no components here")]
    [TestCase("{\"@id\":\"pkg:oci/app@" + Digest + "\"}", true)]
    [TestCase("{\"@id\":\"pkg:oci/app\"}", false, Description = "which image, it does not say")]
    [TestCase("{\"@id\":\"registry.example.com/app@" + Digest + "\"}", true)]
    [TestCase("{\"hashes\":{\"sha-256\":\"" + Hex + "\"}}", true)]
    [TestCase("{\"hashes\":{\"sha-256\":\"b" + "bb\"},\"@id\":\"pkg:oci/b@sha256:bb\"}", false)]
    [TestCase("{\"@id\":\"pkg:oci/app@" + Digest + "\",\"subcomponents\":[{\"@id\":\"pkg:deb/debian/openssl\"}]}", true)]
    [TestCase("{\"@id\":\"pkg:oci/app@" + Digest + "\",\"subcomponents\":[{\"@id\":\"pkg:deb/debian/bash\"}]}", false)]
    [TestCase("{\"@id\":\"pkg:oci/app@" + Digest + "\",\"subcomponents\":[{\"@id\":\"something\"}]}", false, Description = "it is about a part that cannot be read")]
    [TestCase("\"pkg:deb/debian/openssl\"", true, Description = "version 0.0.1")]
    [TestCase("\"pkg:deb/debian/bash\",\"pkg:deb/debian/openssl\"", true, Description = "one of several")]
    [TestCase("{\"@id\":\"pkg:deb/debian/bash\",\"identifiers\":{\"purl\":\"pkg:deb/debian/openssl\"}}", true)]
    [TestCase("{\"@id\":\"pkg:oci/other@sha256:b\",\"identifiers\":{\"purl\":\"pkg:oci/app@" + Digest + "\"}}", true)]
    [TestCase("{\"@id\":\"pkg:oci/app@" + Digest + "\",\"subcomponents\":[\"pkg:deb/debian/bash\",\"pkg:deb/debian/openssl\"]}", true)]
    [TestCase("{\"@id\":\"pkg:oci/app@" + Digest + "\",\"hashes\":{\"sha-256\":\"" + Hex + "\"}}", true)]
    [TestCase("{\"hashes\":{\"sha-256\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}}", true)]
    [TestCase("\"ann@registry.example.com/app@" + Digest + "\"", true)]
    [TestCase("\"pkg:generic/app@" + Digest + "\"", false, Description = "a package, and no image")]
    [TestCase("\"pkg:oci/app@" + Digest + "\"],\"subcomponents\":[\"pkg:deb/debian/openssl\"", true, Description = "version 0.0.1")]
    [TestCase("\"pkg:oci/app@" + Digest + "\"],\"subcomponents\":[\"pkg:deb/debian/bash\"", false, Description = "version 0.0.1")]
    public void A_statement_hides_findings_of_the_products_that_it_names(string product, bool isHidden)
    {
        var hidden = Apply(Finding(), Document(Statement(product, NotAffected)));
        Assert.That(hidden, Is.EqualTo(isHidden ? "not affected: component_not_present (VEX of ann)" : null));
    }

    [TestCase(NotAffected, "not affected: component_not_present (VEX of ann)")]
    [TestCase("\"status\":\"not_affected\",\"impact_statement\":\"never called\"", "not affected: never called (VEX of ann)")]
    [TestCase("\"status\":\"not_affected\",\"justification\":\"inline_mitigations_already_exist\",\"impact_statement\":\"by us\"", "not affected: inline_mitigations_already_exist: by us (VEX of ann)")]
    [TestCase("\"status\":\"fixed\"", "fixed (VEX of ann)")]
    [TestCase("\"status\":\"affected\"", null)]
    [TestCase("\"status\":\"under_investigation\"", null)]
    [TestCase("\"status\":\"not_affected\"", null, "a product that is not affected needs a justification or an impact_statement")]
    [TestCase("\"status\":\"not_affected\",\"justification\":\"because\"", null, "its justification is not known: \"because\"")]
    [TestCase("\"status\":\"Fixed\"", null, "it has no status that is known: \"Fixed\"")]
    [TestCase("\"x\":1", null, "it has no status that is known: \"\"")]
    public void Only_not_affected_with_a_reason_and_fixed_hide(string status, string? hidden, string? problem = null)
    {
        var document = Document(Statement("{\"@id\":\"pkg:deb/debian/openssl\"}", status));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Apply(Finding(), document), Is.EqualTo(hidden));
            Assert.That(document.Problems, Is.EqualTo(problem is null ? [] : new[] { $"statement 1 is not used: {problem}" }));
        }
    }

    [TestCase("{\"name\":\"CVE-2024-1\"}", true)]
    [TestCase("{\"name\":\"cve-2024-1\"}", true)]
    [TestCase("{\"name\":\"GHSA-1\"}", true, Description = "an alias of the finding")]
    [TestCase("{\"name\":\"OTHER\",\"aliases\":[\"CVE-2024-1\"]}", true)]
    [TestCase("\"CVE-2024-1\"", true, Description = "version 0.0.1")]
    [TestCase("{\"name\":\"CVE-2024-11\"}", false)]
    public void A_statement_is_about_a_vulnerability_by_any_of_its_names(string vulnerability, bool isHidden)
    {
        var document = Document($$"""{"vulnerability":{{vulnerability}},"products":["pkg:deb/debian/openssl"],{{NotAffected}}}""");
        Assert.That(Apply(Finding(), document) is not null, Is.EqualTo(isHidden));
    }

    [TestCase("{\"products\":[\"pkg:deb/debian/openssl\"],\"status\":\"fixed\"}", "it names no vulnerability")]
    [TestCase("{\"vulnerability\":{\"name\":\"\"},\"products\":[\"pkg:deb/debian/openssl\"],\"status\":\"fixed\"}", "it names no vulnerability")]
    [TestCase("{\"vulnerability\":{\"name\":\"CVE-1\"},\"status\":\"fixed\"}", "it names no product by a package URL or a SHA-256 digest")]
    [TestCase("{\"vulnerability\":{\"name\":\"CVE-1\"},\"products\":[{\"@id\":\"openssl\"}],\"status\":\"fixed\"}", "it names no product by a package URL or a SHA-256 digest")]
    [TestCase("5", "it has no status that is known: \"\"")]
    public void What_cannot_be_used_is_a_problem(string statement, string problem)
    {
        var document = Document(statement);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(document.Statements, Is.Empty);
            Assert.That(document.Problems, Is.EqualTo(new[] { $"statement 1 is not used: {problem}" }));
        }
    }

    [Test]
    public void The_latest_statement_counts_whichever_document_it_is_in()
    {
        const string Product = "{\"@id\":\"pkg:deb/debian/openssl\"}";
        var early = Document(Statement(Product, "\"status\":\"affected\",\"timestamp\":\"2024-01-01T00:00:00Z\""));
        var late = Document(Statement(Product, NotAffected + ",\"timestamp\":\"2024-02-01T00:00:00Z\""));
        var updated = Document(Statement(Product, "\"status\":\"affected\",\"timestamp\":\"2023-01-01T00:00:00Z\",\"last_updated\":\"2024-03-01T00:00:00Z\""));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Apply(Finding(), late, early), Is.Not.Null);
            Assert.That(Apply(Finding(), early, late), Is.Not.Null);
            Assert.That(Apply(Finding(), updated, late), Is.Null);
            Assert.That(Apply(Finding(), Document(Statement(Product, NotAffected)), Document(Statement(Product, "\"status\":\"affected\""))), Is.Null, "the later document of one time");
        }
    }

    [Test]
    public void What_is_hidden_already_keeps_its_reason()
    {
        var document = Document(Statement("{\"@id\":\"pkg:deb/debian/openssl\"}", NotAffected));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Apply(Finding() with { Hidden = "by Git" }, document), Is.EqualTo("by Git"));
            Assert.That(Apply(Finding() with { Hidden = "by Git" }), Is.EqualTo("by Git"));
        }
    }

    [Test]
    public void A_statement_without_a_time_has_that_of_its_document_the_update_before_the_first()
    {
        string Dated(string document, string statement) => $$"""
            {"@context":"https://openvex.dev/ns","author":"ann",{{document}}"statements":[{"vulnerability":"CVE-2024-1","products":["pkg:deb/debian/openssl"],{{statement}}"status":"fixed"}]}
            """;
        const string Both = "\"timestamp\":\"2024-01-01T00:00:00Z\",\"last_updated\":\"2024-02-01T00:00:00Z\",";
        DateTimeOffset Time(string document, string statement) => VexDocument.Read(Encoding.UTF8.GetBytes(Dated(document, statement)))!.Statements.Single().Time;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Time("", ""), Is.EqualTo(DateTimeOffset.MinValue));
            Assert.That(Time(Both, ""), Is.EqualTo(new DateTimeOffset(2024, 2, 1, 0, 0, 0, TimeSpan.Zero)));
            Assert.That(Time("\"timestamp\":\"2024-03-01T00:00:00Z\",", Both), Is.EqualTo(new DateTimeOffset(2024, 2, 1, 0, 0, 0, TimeSpan.Zero)));
            Assert.That(Time("\"last_updated\":\"2024-03-01T00:00:00Z\",", "\"timestamp\":\"2024-01-01T00:00:00Z\","), Is.EqualTo(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        }
    }

    [Test]
    public void A_problem_names_the_statement_by_its_number_and_the_others_are_used()
    {
        var document = Document(Statement("\"pkg:deb/debian/openssl\"", NotAffected), Statement("\"pkg:deb/debian/openssl\"", "\"status\":\"odd\""));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(document.Problems.Single(), Does.StartWith("statement 2 is not used: "));
            Assert.That(document.Statements.Single().Author, Is.EqualTo("ann"));
        }
    }

    [Test]
    public void Without_identifier_and_author_a_document_has_empty_ones()
    {
        var document = VexDocument.Read("""{"@context":"https://openvex.dev/ns","statements":[{"vulnerability":"CVE-2024-1","products":["pkg:deb/debian/openssl"],"status":"fixed","justification":"x"}]}"""u8.ToArray())!;
        Assert.That((document.Id, document.Author, document.Statements.Single().Author, document.Statements.Single().Justification), Is.EqualTo(("", "", "", "")));
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("5")]
    [TestCase("{}")]
    [TestCase("{\"@context\":\"https://example.com\"}")]
    [TestCase("{\"@context\":\"see https://openvex.dev/ns\"}")]
    [TestCase("{\"@context\":")]
    public void What_is_no_document_is_none(string text) => Assert.That(VexDocument.Read(Encoding.UTF8.GetBytes(text)), Is.Null);

    [Test]
    public void A_document_has_its_name_and_author()
    {
        var document = Document();
        Assert.That((document.Id, document.Author, document.Statements.Count, document.Problems.Count), Is.EqualTo(("https://example.com/vex", "ann", 0, 0)));
    }

    private static string? Apply(Finding finding, params VexDocument[] documents) => VexFindings.Apply([finding], documents, [Digest], new Distribution("debian", "12"))[0].Hidden;

    private static VexDocument Document(params string[] statements) => VexDocument.Read(Encoding.UTF8.GetBytes(
        $$"""{"@context":"https://openvex.dev/ns/v0.2.0","@id":"https://example.com/vex","author":"ann","timestamp":"2024-01-15T00:00:00Z","statements":[{{string.Join(',', statements)}}]}"""))!;

    private static string Statement(string product, string status) => $$"""{"vulnerability":{"name":"CVE-2024-1"},"products":[{{product}}],{{status}}}""";

    private static Finding Finding() => new()
    {
        Vulnerability = new Vulnerability { Id = "CVE-2024-1", Aliases = ["GHSA-1", "GHSA-2"], Severity = Severity.Critical },
        Component = new Component { Format = PackageFormat.Deb, Name = "openssl", Version = "3.0-1", Architecture = "amd64" },
    };
}
