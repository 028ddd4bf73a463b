using System.Security.Cryptography;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Testing;
using Portcullis.Trust.Reading;

namespace Portcullis.Tests.Trust.Reading;

/// <summary>What the real notary client publishes on a real server, read and verified.</summary>
[TestFixture]
internal sealed class TrustReaderTests : NotaryServerFixture
{
    private SignedRepository _repository = null!;

    [SetUp]
    public async Task CreateAsync() => _repository = await SignedRepository.CreateAsync(Server, $"registry.example/team/{TestContext.CurrentContext.Random.GetString(12, "abcdefghijklmnop")}");

    [TearDown]
    public async Task DeleteAsync()
    {
        if (_repository is not null)
        {
            await _repository.DisposeAsync();
        }
    }

    [Test]
    public async Task A_tag_that_the_client_signed_is_found_with_its_digest_length_and_signer()
    {
        var target = (await _repository.VerifiedAsync()).Trust.Targets.Single();
        Assert.That((target.Role, target.Tag, target.Digest, target.Length), Is.EqualTo(("targets", "1.0", SignedRepository.DigestOf("1.0"), 3L)));
        Assert.That(target.Signers, Is.EqualTo(_repository.Client.KeyIdsOf("targets")));
    }

    [Test]
    public async Task Trust_data_whose_snapshot_theServer_signs_are_read()
    {
        (await _repository.Client.RunAsync("key", "rotate", _repository.Gun, "snapshot", "-r")).Succeeded();
        await _repository.SignAsync("2.0");
        Assert.That((await _repository.VerifiedAsync()).Trust.Targets.Select(t => t.Tag), Is.EquivalentTo(new[] { "1.0", "2.0" }));
    }

    [Test]
    public async Task Delegations_of_ec_and_rsa_certificates_say_who_signed_by_the_ids_of_their_plain_keys()
    {
        using var rsa = RSA.Create(2048);
        using var large = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        await _repository.DelegateAsync("targets/releases", (AsymmetricAlgorithm?)null);
        await _repository.DelegateAsync("targets/ci", rsa);
        await _repository.DelegateAsync("targets/qa", large);
        await _repository.SignAsync("2.0", "targets/releases", "targets/ci", "targets/qa");

        var signed = (await _repository.VerifiedAsync()).Trust.OfTag("2.0").ToList();
        Assert.That(signed.Select(t => t.Role), Is.EquivalentTo(new[] { "targets/releases", "targets/ci", "targets/qa" }));
        Assert.That(signed.Select(t => t.Digest), Is.All.EqualTo(SignedRepository.DigestOf("2.0")));
        var (ofRsa, ofLarge) = (new TufKey(TufKey.Rsa, rsa.ExportSubjectPublicKeyInfo()).CanonicalId, new TufKey(TufKey.Ecdsa, large.ExportSubjectPublicKeyInfo()).CanonicalId);
        Assert.That(signed.Single(t => t.Role == "targets/ci").Signers, Is.EqualTo(new[] { ofRsa }));
        Assert.That(signed.Single(t => t.Role == "targets/qa").Signers, Is.EqualTo(new[] { ofLarge }));
        Assert.That(_repository.Client.KeyIdsOf("user"), Has.Count.EqualTo(3).And.Contains(ofRsa).And.Contains(ofLarge));
    }

    [Test]
    public async Task A_delegation_with_several_keys_names_each_that_signed()
    {
        await _repository.DelegateAsync("targets/ci", null, null);
        await _repository.SignAsync("2.0", "targets/ci");
        Assert.That((await _repository.VerifiedAsync()).Trust.OfTag("2.0").Single().Signers, Is.EqualTo(_repository.Client.KeyIdsOf("user")));
    }

    [Test]
    public async Task A_delegation_that_nobody_has_signed_for_yet_hides_nothing()
    {
        await _repository.DelegateAsync("targets/ci", (AsymmetricAlgorithm?)null);
        Assert.That((await _repository.VerifiedAsync()).Trust.Targets.Single().Tag, Is.EqualTo("1.0"));
    }

    [Test]
    public async Task A_delegation_whose_key_was_taken_away_counts_no_longer_and_says_so()
    {
        await _repository.DelegateAsync("targets/ci", (AsymmetricAlgorithm?)null);
        await _repository.SignAsync("2.0", "targets/ci");
        var known = await _repository.VerifiedAsync();
        var (_, certificate) = _repository.Client.NewKeyPair("another");
        var id = _repository.Client.KeyIdsOf("user").Single();
        (await _repository.Client.RunAsync("delegation", "add", _repository.Gun, "targets/ci", certificate)).Succeeded();
        (await _repository.Client.RunAsync("delegation", "remove", _repository.Gun, "targets/ci", id, "-p")).Succeeded();

        foreach (var before in (TrustReading?[])[null, known])
        {
            var trust = (await _repository.VerifiedAsync(before)).Trust;
            Assert.That(trust.OfTag("2.0"), Is.Empty);
            Assert.That(trust.Problems, Has.One.StartsWith("targets/ci: "));
        }
    }

    [Test]
    public async Task A_rotated_root_is_followed_from_the_pinned_key_and_from_what_was_known()
    {
        var (pinned, known) = (_repository.Anchor, await _repository.VerifiedAsync());
        await _repository.Client.RotateRootAsync(_repository.Gun);
        await _repository.Client.RotateRootAsync(_repository.Gun);
        await _repository.SignAsync("2.0");
        foreach (var reading in (TrustReading[])[await _repository.VerifiedAsync(known, pinned), await _repository.VerifiedAsync(null, pinned), await _repository.VerifiedAsync()])
        {
            Assert.That(reading.Trust.OfTag("2.0"), Is.Not.Empty);
        }
    }

    [Test]
    public async Task The_first_reading_waits_for_two_answers_in_a_row()
    {
        await _repository.DelegateAsync("targets/ci", (AsymmetricAlgorithm?)null);
        await _repository.DelegateAsync("targets/qa", (AsymmetricAlgorithm?)null);
        await _repository.SignAsync("2.0", "targets/ci", "targets/qa");
        var held = new TaskCompletionSource();
        (_repository.Meddling.Held, var reading) = (held.Task, _repository.VerifiedAsync());
        await Eventually.HoldsAsync(() => _repository.Meddling.Asked.Count == 4);
        Assert.That(_repository.Meddling.Asked, Is.EquivalentTo(new[] { "root.json", "timestamp.json", "snapshot.json", "targets.json" }));

        _repository.Meddling.Forget();
        var then = new TaskCompletionSource();
        _repository.Meddling.Held = then.Task;
        held.SetResult();
        await Eventually.HoldsAsync(() => _repository.Meddling.Asked.Count == 2);
        then.SetResult();
        Assert.That((await reading).Trust.OfTag("2.0").Count(), Is.EqualTo(2));
        Assert.That(_repository.Meddling.Asked.Select(Role), Is.EquivalentTo(new[] { "targets/ci", "targets/qa" }));
    }

    [TestCase("snapshot")]
    [TestCase("targets")]
    public async Task A_newest_file_that_is_not_the_one_that_is_named_is_dropped_and_that_one_asked_for(string role)
    {
        await _repository.VerifiedAsync();
        var old = _repository.Meddling.Given[$"{role}.json"];
        await _repository.SignAsync("2.0");
        foreach (var answer in (Func<byte[]?>[])[() => old, () => null, () => [.. old, .. new byte[6 * 1024 * 1024]], () => throw new IOException("gone")])
        {
            _repository.Meddling.Instead = (name, real) => name == $"{role}.json" ? answer() : real;
            _repository.Meddling.Forget();
            Assert.That((await _repository.VerifiedAsync()).Trust.OfTag("2.0"), Is.Not.Empty);
            Assert.That(_repository.Meddling.Asked.Where(a => Role(a) == role).Distinct().Count(), Is.EqualTo(2));
        }
    }

    [Test]
    public async Task What_has_not_changed_costs_one_request_and_gives_the_same_answer()
    {
        await _repository.DelegateAsync("targets/ci", (AsymmetricAlgorithm?)null);
        var known = await _repository.VerifiedAsync();
        _repository.Meddling.Forget();
        Assert.That(await _repository.VerifiedAsync(known), Is.SameAs(known));
        Assert.That(_repository.Meddling.Asked, Is.EqualTo(new[] { "timestamp.json" }));
    }

    [Test]
    public async Task What_has_changed_is_all_that_is_asked_for()
    {
        await _repository.DelegateAsync("targets/ci", (AsymmetricAlgorithm?)null);
        await _repository.SignAsync("2.0", "targets/ci");
        var known = await _repository.VerifiedAsync();
        await _repository.SignAsync("3.0", "targets/ci");
        _repository.Meddling.Forget();
        Assert.That((await _repository.VerifiedAsync(known)).Trust.OfTag("3.0"), Is.Not.Empty);
        Assert.That(_repository.Meddling.Asked.Select(Role), Is.EquivalentTo(new[] { "timestamp", "root", "snapshot", "targets/ci" }));
    }

    [Test]
    public async Task A_name_without_trust_data_has_none()
    {
        var outcome = await _repository.ReadAsync(anchor: new TrustAnchor("registry.example/nobody/nothing", ["a"]));
        Assert.That(outcome, Is.InstanceOf<ReadOutcome.Absent>());
    }

    [Test]
    public async Task Trust_data_that_another_root_key_signs_are_refused()
    {
        var message = await _repository.RejectedAsync(anchor: new TrustAnchor(_repository.Gun, [new string('0', 64)]));
        Assert.That(message, Does.StartWith($"{_repository.Gun}: root: "));
    }

    [Test]
    public async Task What_was_deleted_is_absent_and_what_is_made_anew_is_older_than_what_was_known()
    {
        await _repository.SignAsync("2.0");
        var known = await _repository.VerifiedAsync();
        (await _repository.Client.RunAsync("delete", _repository.Gun, "--remote")).Succeeded();
        Assert.That(await _repository.ReadAsync(known), Is.InstanceOf<ReadOutcome.Absent>());

        (await _repository.Client.RunAsync("init", _repository.Gun, "-p")).Succeeded();
        Assert.That(await _repository.RejectedAsync(known), Does.Contain("pin"));
        Assert.That((await _repository.VerifiedAsync()).Trust.Targets, Is.Empty);
    }

    private static string Role(string file) =>
        file.Split('.') is [var version, var role, "json"] && version.All(char.IsAsciiDigit) ? role : file.Split('.')[0];
}
