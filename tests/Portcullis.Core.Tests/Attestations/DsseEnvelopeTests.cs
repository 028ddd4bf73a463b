using System.Text;
using Portcullis.Core.Attestations;

namespace Portcullis.Core.Tests.Attestations;

[TestFixture]
internal sealed class DsseEnvelopeTests
{
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
    [TestCase("{\"subject\": [], \"predicateType\": \"p\", \"predicate\": null}")]
    [TestCase("{\"subject\": [null], \"predicateType\": \"p\", \"predicate\": {}}")]
    [TestCase("{\"subject\": [{\"digest\": null}], \"predicateType\": \"p\", \"predicate\": {}}")]
    [TestCase("{\"subject\": [], \"predicate\": {}}")]
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
}
