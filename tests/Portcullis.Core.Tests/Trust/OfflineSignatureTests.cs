using System.Security.Cryptography;
using Portcullis.Core.Trust;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Core.Tests.Trust;

/// <summary>Signatures that come through Git count for the very root that was signed, in whatever form the tool wrote them.</summary>
[TestFixture]
internal sealed class OfflineSignatureTests
{
    private static readonly DateTimeOffset End = new(2036, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [TestCase(DSASignatureFormat.IeeeP1363FixedFieldConcatenation)]
    [TestCase(DSASignatureFormat.Rfc3279DerSequence)]
    public void Both_forms_of_ecdsa_count(DSASignatureFormat form)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = Root(key, 1);
        var found = OfflineSignatures.Of([Signature(root, key, form)], root, []);
        Assert.That(found.Select(s => s.KeyId), Is.EqualTo(new[] { root.RootKeys[0].Id }));
        Assert.That(found[0].Value, Has.Length.EqualTo(64));
    }

    [Test]
    public void A_signature_of_another_version_or_of_another_key_does_not_count()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = Root(key, 2);
        Assert.That(OfflineSignatures.Of([Signature(Root(key, 1), key, DSASignatureFormat.Rfc3279DerSequence)], root, []), Is.Empty);
        Assert.That(OfflineSignatures.Of([Signature(root, other, DSASignatureFormat.Rfc3279DerSequence) with { KeyId = root.RootKeys[0].Id }], root, []), Is.Empty);
    }

    [TestCase("AAAAAAAAAAAAAAAAAAAAAA==")]
    [TestCase("MEUCIQDAAAAAAAAAAAAA")]
    [TestCase("not base64 at all !!")]
    public void What_is_no_signature_does_not_count(string text)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = Root(key, 1);
        Assert.That(OfflineSignatures.Of([new OfflineSignature { Repository = "shop/web", KeyId = root.RootKeys[0].Id, Method = "ecdsa", Sig = text }], root, []), Is.Empty);
    }

    [Test]
    public void A_pending_root_is_read_back_as_it_was_reported()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = Root(key, 3);
        var read = TrustContents.ReadPending(Convert.ToBase64String(TrustContents.Of(root).ToSignedBytes()))!.Root;
        Assert.That(TrustContents.Of(read).ToSignedBytes(), Is.EqualTo(TrustContents.Of(root).ToSignedBytes()));
        Assert.That(TrustContents.ReadPending("bm90aGluZw=="), Is.Null);
        var twice = "{\"roles\":{\"root\":{},\"root\":{}}}";
        Assert.That(TrustContents.ReadPending(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(twice))), Is.Null);
    }

    [Test]
    public void A_file_is_written_as_Go_writes_it()
    {
        var signed = System.Text.Encoding.UTF8.GetBytes("{\"paths\":[\"a&b<c>\n\u2028é\"]}");
        var file = System.Text.Encoding.UTF8.GetString(SignedFile.Of(signed, [new TufSignature("k", "ecdsa", [1, 2, 3])]));
        Assert.That(file, Is.EqualTo("{\"signed\":{\"paths\":[\"a\\u0026b\\u003cc\\u003e\\n\\u2028é\"]},\"signatures\":[{\"keyid\":\"k\",\"method\":\"ecdsa\",\"sig\":\"AQID\"}]}"));
    }

    private static RootChange Root(ECDsa key, long version)
    {
        var listed = new TufKey(TufKey.Ecdsa, key.ExportSubjectPublicKeyInfo());
        return new RootChange(version, End) { RootKeys = [listed], TargetsKeys = [listed], SnapshotKeys = [listed], TimestampKeys = [listed], SignWith = [] };
    }

    private static OfflineSignature Signature(RootChange root, ECDsa key, DSASignatureFormat form) => new()
    {
        Repository = "shop/web",
        KeyId = new TufKey(TufKey.Ecdsa, key.ExportSubjectPublicKeyInfo()).Id,
        Method = "ecdsa",
        Sig = Convert.ToBase64String(key.SignData(TrustContents.Of(root).ToSignedBytes(), HashAlgorithmName.SHA256, form)),
    };
}
