using System.Text;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Testing.Trust;

namespace Portcullis.Core.Tests.Trust.Tuf;

/// <summary>What the notary client 0.7.0 and notary-server wrote: a root rotated once, a snapshot by the server, delegations of certificates on P-256 and P-384 and of RSA.</summary>
[TestFixture]
internal sealed class NotaryMetadataTests
{
    private const string Sentence = "published-by-the-notary-client";

    /// <summary>The plain key of the first root.</summary>
    private static readonly DateTimeOffset Now = new(2026, 12, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly FixtureFolder Fixtures = new("NotaryMetadata");

    private static Dictionary<string, byte[]> Files => Directory.EnumerateFiles(Fixtures.Of(Sentence))
        .ToDictionary(f => Path.GetFileNameWithoutExtension(f).Replace("targets.", "targets/", StringComparison.Ordinal).Replace("qa.deep", "qa/deep", StringComparison.Ordinal), File.ReadAllBytes);

    [Test]
    public void The_whole_chain_is_read_from_the_first_root_through_the_rotation()
    {
        var (set, error) = Loaded();
        Assert.That(error, Is.Null);
        var trust = set.ToRepositoryTrust(Now);
        Assert.That(trust.Targets.Select(t => $"{t.Role} {t.Tag} {t.Length} {t.Digest[..19]}"), Is.EqualTo(new[]
        {
            "targets 2.0 4321 sha256:2d711642b726", "targets/ci 1.0 1234 sha256:2d711642b726", "targets/qa 1.0 1234 sha256:2d711642b726",
            "targets/qa/deep 9.1 99 sha256:2d711642b726", "targets/releases 1.0 1234 sha256:2d711642b726",
        }));
        Assert.That(trust.Problems, Is.Empty);
        Assert.That(trust.ExpiresAt, Is.EqualTo(set.Timestamp!.Content.Expires));
    }

    /// <summary>As <c>notary delegation list</c> showed them.</summary>
    [Test]
    public void Signers_are_named_as_the_client_names_keys()
    {
        var signers = Loaded().Set.ToRepositoryTrust(Now).Targets.ToDictionary(t => t.Role, t => t.Signers.Single());
        Assert.That(signers["targets/releases"], Is.EqualTo(signers["targets/ci"]).And.EqualTo("db95b85ce77e12b67d484de5152800c7a629fcecd31bc629252d0fb8be6f194e"));
        Assert.That(signers["targets/qa"], Is.EqualTo("2e45650d70608de5abf6c4a1427ef2149a21f756da3a527024bc1384abe9684b"));
        Assert.That(signers["targets/qa/deep"], Is.EqualTo("d73512e91e06ca5534357d08dd6ce1e4e90a66947c18cc59feeeb31baf680fda"));
    }

    [TestCase("1.root")]
    [TestCase("3.root")]
    [TestCase("timestamp")]
    [TestCase("snapshot")]
    [TestCase("targets")]
    [TestCase("targets/ci")]
    [TestCase("targets/qa/deep")]
    public void What_is_read_is_written_again_byte_for_byte(string file)
    {
        var bytes = Files[file];
        var envelope = Envelope.Read(bytes);
        RoleContent content = file switch
        {
            "timestamp" => RoleReader.Timestamp(envelope.Signed.Span),
            "snapshot" => RoleReader.Snapshot(envelope.Signed.Span),
            _ when file.EndsWith("root", StringComparison.Ordinal) => RoleReader.Root(envelope.Signed.Span),
            _ => RoleReader.Targets(file, envelope.Signed.Span),
        };
        Assert.That(content.UnknownNames, Is.Empty);
        Assert.That(SignedEnvelope.Write(envelope.Message.Span, envelope.Signatures), Is.EqualTo(bytes));
        Assert.That(Whole(Encoding.UTF8.GetString(content.ToSignedBytes())), Is.EqualTo(Whole(Encoding.UTF8.GetString(envelope.Message.Span))));
    }

    [Test]
    public void Another_pinned_key_trusts_nothing()
    {
        var begun = TrustedSet.Begin(new TrustAnchor(MadeTrust.UsualGun, [new string('0', 64)]), new VerificationKeys()).WithRoot(Files["1.root"]);
        Assert.That(begun.Error!.Kind, Is.EqualTo(TufErrorKind.NotPinned));
    }

    /// <summary>Without the parts of seconds, which are not written here.</summary>
    private static string Whole(string json) => System.Text.RegularExpressions.Regex.Replace(json, @"(:\d\d)\.\d+Z", "$1Z");

    private static (TrustedSet Set, TufError? Error) Loaded()
    {
        var files = Files;
        var first = RoleReader.Root(Envelope.Read(files["1.root"]).Signed.Span).Root.Keys.Single().CanonicalId;
        var set = TrustedSet.Begin(new TrustAnchor(MadeTrust.UsualGun, [first]), new VerificationKeys());
        foreach (var root in new[] { "1.root", "2.root" })
        {
            var result = set.WithRoot(files[root]);
            Assert.That(result.Error, Is.Null);
            set = result.Set!;
        }

        files["root"] = files["3.root"];
        return MadeTrust.Load(files, set, Now);
    }
}
