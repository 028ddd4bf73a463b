using System.Text;
using Portcullis.Core.Trust;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Tests.Trust.Reading;
using Portcullis.Trust.Delegations;

namespace Portcullis.Tests.Trust.Delegations;

/// <summary>What is read to be signed anew, from a real server and from one that lies: a delegation that is wrong is named, anything else that is wrong stops all.</summary>
[TestFixture]
internal sealed class SigningReaderTests : NotaryServerFixture
{
    private static readonly string[] Roles = ["root", "timestamp", "snapshot", "targets"];
    private SignedRepository _repository = null!;
    private SigningReader _reader = null!;

    [SetUp]
    public async Task CreateAsync()
    {
        _repository = await SignedRepository.CreateAsync(Server, $"registry.example/team/{TestContext.CurrentContext.Random.GetString(12, "abcdefghijklmnop")}");
        _reader = new SigningReader(_repository.Time);
        await _repository.DelegateAsync("targets/ci", (System.Security.Cryptography.AsymmetricAlgorithm?)null);
        await _repository.DelegateAsync("targets/qa", (System.Security.Cryptography.AsymmetricAlgorithm?)null);
        await _repository.SignAsync("2.0", "targets/ci", "targets/qa");
    }

    [TearDown]
    public async Task DeleteAsync()
    {
        if (_repository is not null)
        {
            await _repository.DisposeAsync();
        }
    }

    [Test]
    public async Task What_has_not_changed_costs_one_request_and_what_has_changed_is_all_that_is_asked_for()
    {
        var known = await PresentAsync();
        _repository.Meddling.Forget();
        Assert.That((await PresentAsync()).TimestampVersion, Is.EqualTo(known.TimestampVersion));
        Assert.That(_repository.Meddling.Asked, Is.EqualTo(new[] { "timestamp.json" }));

        await _repository.SignAsync("3.0", "targets/ci");
        _repository.Meddling.Forget();
        Assert.That((await PresentAsync()).Delegated["targets/ci"].Tags, Does.Contain("3.0"));
        Assert.That(_repository.Meddling.Asked.Select(RoleOf), Is.EquivalentTo(new[] { "timestamp", "root", "snapshot", "targets/ci" }));
    }

    [TestCaseSource(nameof(Roles))]
    public async Task A_file_with_another_byte_is_refused(string role)
    {
        await PresentAsync();
        var length = _repository.Meddling.Given.First(f => RoleOf(f.Key) == role).Value.Length;
        for (var at = 0; at < length; at += 211)
        {
            var place = at;
            Instead(role, real => [.. real[..place], (byte)(real[place] ^ 1), .. real[(place + 1)..]]);
            Assert.That(await RejectedAsync(), Does.StartWith($"{role}: "), $"byte {at}");
        }
    }

    [TestCaseSource(nameof(Roles))]
    public async Task A_file_that_is_not_there_is_not_done_without(string role)
    {
        Instead(role, _ => null);
        Assert.That((await AnewAsync()).Trust, role == "root" ? Is.InstanceOf<ServerTrust.Missing>() : Is.InstanceOf<ServerTrust.Rejected>());
    }

    [TestCaseSource(nameof(Roles))]
    public async Task A_file_without_end_is_not_read_to_its_end(string role)
    {
        Instead(role, real => [.. real, .. Encoding.ASCII.GetBytes(new string(' ', 6 * 1024 * 1024))]);
        Assert.That(await RejectedAsync(), Does.StartWith($"{role}: the server's file has more than the "));
    }

    /// <summary>Its holders must mend it: the operator goes on with the others, and publishes nothing in its place.</summary>
    [Test]
    public async Task A_delegation_that_is_damaged_missing_or_without_end_is_named_and_the_others_are_read()
    {
        foreach (var (change, why) in ((Func<byte[], byte[]?>, string)[])
        [
            (real => [.. real[..^1], (byte)' '], "it is not the file that the snapshot names"),
            (_ => null, "the server does not have the file"),
            (real => [.. real, .. real], "the server's file has more than the"),
        ])
        {
            Instead("targets/ci", change);
            var trust = await PresentAsync(new SigningReader(_repository.Time));
            Assert.That(trust.Broken, Has.Count.EqualTo(1).And.ContainKey("targets/ci"));
            Assert.That(trust.Broken["targets/ci"], Does.StartWith(why));
            Assert.That(trust.Delegated.Keys, Is.EqualTo(new[] { "targets/qa" }));
        }
    }

    [TestCase("snapshot")]
    [TestCase("targets")]
    public async Task Old_and_new_files_are_not_mixed(string role)
    {
        await PresentAsync();
        var old = _repository.Meddling.Given.First(f => RoleOf(f.Key) == role).Value;
        await _repository.SignAsync("3.0");
        Instead(role, _ => old);
        Assert.That(await RejectedAsync(), Does.StartWith($"{role}: it is not the file that the ").Or.StartWith($"{role}: the server's file has more than the "));
    }

    /// <summary>Who signs must see what has ended and what a server has lost, to make it right; whether it is lost is the planner's to say.</summary>
    [Test]
    public async Task Older_and_expired_files_are_taken()
    {
        var before = await PresentAsync();
        var old = _repository.Meddling.Given.ToDictionary();
        await _repository.SignAsync("3.0");
        Assert.That((await PresentAsync()).TimestampVersion, Is.EqualTo(before.TimestampVersion + 1));
        _repository.Meddling.Instead = (name, real) => old.GetValueOrDefault(name, real!);
        _repository.Time.Ahead = TimeSpan.FromDays(3650);
        Assert.That((await PresentAsync()).TimestampVersion, Is.EqualTo(before.TimestampVersion));
    }

    [Test]
    public async Task Roots_that_follow_a_pinned_one_are_found_also_when_the_first_are_gone()
    {
        await _repository.Client.RotateRootAsync(_repository.Gun);
        var pinned = _repository.Anchor;
        await _repository.Client.RotateRootAsync(_repository.Gun);
        _repository.Meddling.Instead = (name, real) => name == "1.root.json" ? null : real;
        _repository.Meddling.Forget();
        Assert.That(((await _reader.ReadAsync(_repository.Meddling.Client, pinned, false, CancellationToken.None)).Trust as ServerTrust.Present)?.Trust.Root.Version, Is.EqualTo(3));
        Assert.That(_repository.Meddling.Asked, Has.None.EqualTo("1.root.json"));
    }

    [Test]
    public async Task A_root_that_no_pinned_key_signed_is_refused()
    {
        var answer = await _reader.ReadAsync(_repository.Meddling.Client, new TrustAnchor(_repository.Gun, [new string('0', 64)]), false, CancellationToken.None);
        Assert.That((answer.Trust as ServerTrust.Rejected)?.Message, Does.StartWith("root: "));
    }

    [Test]
    public async Task AServer_that_is_away_says_so_whenever_it_goes()
    {
        foreach (var role in Roles.Append("targets/ci"))
        {
            Instead(role, _ => throw new IOException("gone"));
            Assert.That((await AnewAsync()).Trust, Is.InstanceOf<ServerTrust.Unreachable>(), role);
        }

        _repository.Meddling.IsDown = true;
        Assert.That((await AnewAsync()).Trust, Is.InstanceOf<ServerTrust.Unreachable>());
    }

    private void Instead(string role, Func<byte[], byte[]?> other) => _repository.Meddling.Instead = (name, real) => RoleOf(name) == role && real is not null ? other(real) : real;

    private Task<ServerAnswer> AnewAsync() => new SigningReader(_repository.Time).ReadAsync(_repository.Meddling.Client, _repository.Anchor, false, CancellationToken.None);

    private async Task<string> RejectedAsync() => (await AnewAsync()).Trust is ServerTrust.Rejected rejected ? rejected.Message : throw new AssertionException("it is believed");

    private async Task<PublishedTrust> PresentAsync(SigningReader? reader = null) =>
        (await (reader ?? _reader).ReadAsync(_repository.Meddling.Client, _repository.Anchor, false, CancellationToken.None)).Trust switch
        {
            ServerTrust.Present present => present.Trust,
            var other => throw new AssertionException(other.ToString()),
        };

    private static string RoleOf(string file) =>
        file.Split('.') is [var version, var role, "json"] && version.All(char.IsAsciiDigit) ? role : file.Split('.')[0];
}
