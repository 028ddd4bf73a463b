using System.Text;
using Portcullis.Core.Attestations;

namespace Portcullis.Core.Tests.Attestations;

[TestFixture]
internal sealed class DsseEnvelopeTests
{
    private const string V1 = "\"_type\": \"https://in-toto.io/Statement/v1\"";

    /// <summary>The example of DSSE's protocol.md.</summary>
    [Test]
    public void What_is_signed_is_the_encoding_of_the_specification() =>
        Assert.That(Encoding.UTF8.GetString(DsseEnvelope.PreAuthEncoding("http://example.com/HelloWorld", "hello world"u8)), Is.EqualTo("DSSEv1 29 http://example.com/HelloWorld 11 hello world"));

    [Test]
    public void The_length_of_a_type_is_that_of_its_bytes() =>
        Assert.That(Encoding.UTF8.GetString(DsseEnvelope.PreAuthEncoding("ä", [])), Is.EqualTo("DSSEv1 2 ä 0 "));

    [Test]
    public void A_payload_in_the_alphabet_of_URLs_is_read_too() =>
        Assert.That(new DsseEnvelope { PayloadType = "t", Payload = "-_8=", Signatures = [] }.PayloadBytes(), Is.EqualTo(new byte[] { 0xFB, 0xFF }));

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("{\"payload\": 1, \"payloadType\": \"t\", \"signatures\": []}")]
    [TestCase("{\"payload\": \"\", \"signatures\": []}")]
    [TestCase("{\"payload\": \"\", \"payloadType\": \"t\", \"signatures\": [null]}")]
    [TestCase("{\"payload\": \"\", \"payloadType\": \"t\", \"signatures\": [{\"sig\": null}]}")]
    public void What_is_no_envelope_is_none(string json) => Assert.That(DsseEnvelope.Read(Encoding.UTF8.GetBytes(json)), Is.Null);

    [Test]
    public void An_envelope_is_read_as_it_was_written()
    {
        var envelope = DsseEnvelope.Of("t", "abc"u8, new DsseSignature { KeyId = "k", Sig = "AQI=" });
        var read = DsseEnvelope.Read(envelope.ToBytes())!;
        Assert.That((read.PayloadType, read.PayloadBytes(), read.Signatures.Single().KeyId, read.Signatures.Single().Bytes()), Is.EqualTo(("t", "abc"u8.ToArray(), "k", new byte[] { 1, 2 })));
        Assert.That((new DsseSignature { Sig = "?" }.Bytes(), (envelope with { Payload = "a" }).PayloadBytes()), Is.EqualTo(((byte[]?)null, (byte[]?)null)));
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("{" + V1 + ", \"subject\": [], \"predicateType\": \"p\", \"predicate\": null}")]
    [TestCase("{" + V1 + ", \"subject\": [null], \"predicateType\": \"p\", \"predicate\": {}}")]
    [TestCase("{" + V1 + ", \"subject\": [{\"digest\": null}], \"predicateType\": \"p\", \"predicate\": {}}")]
    [TestCase("{" + V1 + ", \"subject\": [], \"predicate\": {}}")]
    [TestCase("{\"subject\": [], \"predicateType\": \"p\", \"predicate\": {}}")]
    [TestCase("{\"_type\": \"https://in-toto.io/Statement/v2\", \"subject\": [], \"predicateType\": \"p\", \"predicate\": {}}")]
    public void What_is_no_statement_is_none(string json) => Assert.That(InTotoStatement.Read(Encoding.UTF8.GetBytes(json)), Is.Null);

    [Test]
    public void A_statement_is_read_as_it_was_written()
    {
        var read = InTotoStatement.Read(InTotoStatement.About("r/x", "sha256:ab", "p", new System.Text.Json.Nodes.JsonObject { ["a"] = 1 }).ToBytes())!;
        Assert.That((read.Type, read.PredicateType, read.Predicate.ToJsonString(), read.Subject.Single().Name), Is.EqualTo(("https://in-toto.io/Statement/v1", "p", "{\"a\":1}", "r/x")));
        Assert.That(read.Subject.Single().Digest, Is.EqualTo(new Dictionary<string, string> { ["sha256"] = "ab" }));
    }

    [Test]
    public void A_statement_is_about_its_subjects_alone()
    {
        var read = InTotoStatement.Read(InTotoStatement.About("r/x", "sha256:ab", "p", new System.Text.Json.Nodes.JsonObject()).ToBytes())!;
        Assert.That((read.IsAbout("sha256:ab"), read.IsAbout("sha256:abc"), read.IsAbout("sha512:ab"), read.IsAbout("ab")), Is.EqualTo((true, false, false, false)));
    }

    /// <summary>"Each element represents a single software artifact": a statement may be about the images of all platforms (Statement v1, "subject").</summary>
    [TestCase("sha256:aa", true)]
    [TestCase("sha512:bb", true)]
    [TestCase("sha256:cc", true)]
    [TestCase("sha256:bb", false)]
    [TestCase("sha256:dd", false)]
    [TestCase("sha256:aa:aa", false)]
    public void A_statement_of_several_subjects_is_about_each_of_them(string digest, bool isAbout)
    {
        var read = InTotoStatement.Read("""
            {"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://slsa.dev/provenance/v1", "predicate": {},
             "subject": [{"name": "amd64", "digest": {"sha256": "aa", "sha512": "bb"}}, {"digest": {"sha256": "cc"}}]}
            """u8)!;
        Assert.That(read.IsAbout(digest), Is.EqualTo(isAbout));
    }

    [Test]
    public void A_statement_without_subjects_is_about_nothing() =>
        Assert.That(InTotoStatement.Read("""{"_type": "https://in-toto.io/Statement/v0.1", "subject": [], "predicateType": "p", "predicate": {}}"""u8)!.IsAbout("sha256:aa"), Is.False);

    /// <summary>The names of DSSE's envelope.md; a signature without keyid is one too.</summary>
    [Test]
    public void An_envelope_has_the_names_of_the_specification()
    {
        var read = DsseEnvelope.Read("""{"payload": "aGVsbG8gd29ybGQ=", "payloadType": "http://example.com/HelloWorld", "signatures": [{"sig": "AQ=="}, {"keyid": "k", "sig": "Ag=="}]}"""u8)!;
        Assert.That((Encoding.UTF8.GetString(read.PayloadBytes()!), read.PayloadType), Is.EqualTo(("hello world", "http://example.com/HelloWorld")));
        Assert.That(read.Signatures.Select(s => (s.KeyId, s.Bytes()![0])), Is.EqualTo(new (string?, byte)[] { (null, 1), ("k", 2) }));
        Assert.That(Encoding.UTF8.GetString(DsseEnvelope.Of("t", "a"u8, new DsseSignature { Sig = "AQ==" }).ToBytes()), Is.EqualTo("""{"payloadType":"t","payload":"YQ==","signatures":[{"sig":"AQ=="}]}"""));
    }
}
