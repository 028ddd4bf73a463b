using System.Text;
using Portcullis.Core.Trust;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Testing.Trust;
using Portcullis.Trust.Delegations;
using Portcullis.Trust.Reading;

namespace Portcullis.Tests.Trust.Reading;

/// <summary>A server, or somebody before it, that serves old, other, mixed, damaged, endless or no files: whatever it does, nothing is believed that was not signed.</summary>
[TestFixture]
internal sealed class LyingServerTests : NotaryServerFixture
{
    private static readonly string[] Roles = ["root", "timestamp", "snapshot", "targets", "targets/ci"];
    private SignedRepository _repository = null!;

    [OneTimeSetUp]
    public async Task CreateAsync()
    {
        _repository = await SignedRepository.CreateAsync(Server, "registry.example/team/app");
        await _repository.DelegateAsync("targets/ci", (System.Security.Cryptography.AsymmetricAlgorithm?)null);
        await _repository.SignAsync("2.0", "targets/ci");
    }

    [OneTimeTearDown]
    public async Task DeleteAsync()
    {
        if (_repository is not null)
        {
            await _repository.DisposeAsync();
        }
    }

    [TearDown]
    public void BeHonest()
    {
        (_repository.Meddling.Instead, _repository.Meddling.IsDown) = ((_, real) => real, false);
        _repository.Time.Ahead = default;
    }

    [TestCaseSource(nameof(Roles))]
    public async Task A_file_with_another_byte_is_refused(string role)
    {
        var length = (await FileAsync(role)).Length;
        for (var at = 0; at < length; at += 97)
        {
            var place = at;
            Instead(role, real => [.. real[..place], (byte)(real[place] ^ 1), .. real[(place + 1)..]]);
            Assert.That(await RefusedAsync(), Does.StartWith($"{_repository.Gun}: {role}: "), $"byte {at}");
        }
    }

    [TestCaseSource(nameof(Roles))]
    public async Task A_file_of_another_role_is_refused(string role)
    {
        foreach (var other in Roles.Where(r => r != role))
        {
            var file = await FileAsync(other);
            Instead(role, _ => file);
            Assert.That(await RefusedAsync(), Does.StartWith($"{_repository.Gun}: {role}: "), other);
        }
    }

    [TestCaseSource(nameof(Roles))]
    public async Task A_file_without_end_is_not_read_to_its_end(string role)
    {
        var limit = role switch
        {
            "root" => RoleLimits.RootLength,
            "timestamp" => RoleLimits.TimestampLength,
            _ => (await FileAsync(role)).Length,
        };

        // JSON may end with white space: only the length tells.
        Instead(role, real => [.. real, .. Encoding.ASCII.GetBytes(new string(' ', 1024 * 1024))]);
        Assert.That(await RefusedAsync(), Is.EqualTo($"{_repository.Gun}: {role}: the server's file has more than the {limit} bytes that it may have"));
    }

    [TestCaseSource(nameof(Roles))]
    public async Task A_file_that_is_not_there_is_not_done_without(string role)
    {
        Instead(role, _ => null);
        var outcome = await _repository.ReadAsync();
        Assert.That(outcome, role == "root" ? Is.InstanceOf<ReadOutcome.Absent>() : Is.InstanceOf<ReadOutcome.Rejected>());
    }

    [Test]
    public async Task Files_of_another_name_are_refused()
    {
        await using var other = await SignedRepository.CreateAsync(Server, "registry.example/team/other");
        await other.VerifiedAsync();
        _repository.Meddling.Instead = (name, _) => other.Meddling.Given.FirstOrDefault(f => RoleOf(f.Key) == RoleOf(name)).Value;
        // The same person may hold the root keys of both.
        var both = _repository.Anchor with { RootKeys = [.. _repository.Anchor.RootKeys, .. other.Client.KeyIdsOf("root")] };
        Assert.That(await _repository.RejectedAsync(anchor: both), Does.StartWith($"{_repository.Gun}: root: "));
    }

    [Test]
    public async Task An_older_timestamp_than_was_known_is_refused_and_the_older_files_with_it()
    {
        await using var repository = await SignedRepository.CreateAsync(Server, "registry.example/team/older");
        await repository.VerifiedAsync();
        var old = repository.Meddling.Given.ToDictionary();
        await repository.SignAsync("2.0");
        var known = await repository.VerifiedAsync();
        repository.Meddling.Instead = (name, real) => old.GetValueOrDefault(name, real!);

        Assert.That(await repository.RejectedAsync(known), Does.StartWith($"{repository.Gun}: timestamp: version 2 is older than 3, which was seen before"));
        Assert.That(await repository.RejectedAsync(seen: known.Set.Seen), Does.StartWith($"{repository.Gun}: timestamp: version 2 is older than 3, which was seen before"), "also when only the versions were kept");
        Assert.That((await repository.VerifiedAsync()).Trust.OfTag("2.0"), Is.Empty, "who knows nothing cannot see that it is old");
    }

    [Test]
    public async Task A_root_that_was_replaced_is_refused_by_who_has_seen_the_later_one()
    {
        await using var repository = await SignedRepository.CreateAsync(Server, "registry.example/team/roots");
        var pinned = repository.Anchor;
        await repository.VerifiedAsync();
        var old = repository.Meddling.Given.ToDictionary();
        await repository.Client.RotateRootAsync(repository.Gun);
        var seen = (await repository.VerifiedAsync(anchor: pinned)).Set.Seen;
        repository.Meddling.Instead = (name, real) => name.StartsWith("2.root", StringComparison.Ordinal) ? null : old.GetValueOrDefault(name, real!);

        Assert.That(await repository.RejectedAsync(anchor: pinned, seen: seen), Does.StartWith($"{repository.Gun}: root: version 1 is older than 2, which was seen before"));
    }

    [TestCase("snapshot")]
    [TestCase("targets")]
    public async Task Old_and_new_files_are_not_mixed(string role)
    {
        await using var repository = await SignedRepository.CreateAsync(Server, $"registry.example/team/mixed-{role}");
        await repository.VerifiedAsync();
        var old = repository.Meddling.Given.First(f => RoleOf(f.Key) == role).Value;
        await repository.SignAsync("2.0");
        repository.Meddling.Instead = (name, real) => RoleOf(name) == role ? old : real;

        // The old file may be a few bytes longer than the new one, which is found out before its hash is.
        Assert.That(
            await repository.RejectedAsync(),
            Does.StartWith($"{repository.Gun}: {role}: it is not the file that the ").Or.StartWith($"{repository.Gun}: {role}: the server's file has more than the "));
    }

    [Test]
    public async Task Trust_data_that_has_expired_is_refused_also_when_it_was_known()
    {
        var known = await _repository.VerifiedAsync();
        // Notary's timestamps live for 14 days; this server would write a new one for who asks that late.
        _repository.Time.Ahead = TimeSpan.FromDays(15);
        Assert.That(await RefusedAsync(), Does.StartWith($"{_repository.Gun}: timestamp: it expired at "));
        Assert.That(await _repository.RejectedAsync(known), Does.StartWith($"{_repository.Gun}: timestamp: it expired at "));
    }

    [Test]
    public async Task AServer_that_is_away_says_so_whenever_it_goes()
    {
        _repository.Meddling.IsDown = true;
        Assert.That(await _repository.ReadAsync(), Is.InstanceOf<ReadOutcome.Unreachable>());
        _repository.Meddling.IsDown = false;
        var known = await _repository.VerifiedAsync();
        foreach (var role in Roles)
        {
            _repository.Meddling.Instead = (name, real) => RoleOf(name) == role ? throw new IOException("gone") : real;
            Assert.That(await _repository.ReadAsync(), Is.InstanceOf<ReadOutcome.Unreachable>(), role);
        }

        _repository.Meddling.IsDown = true;
        Assert.That(await _repository.ReadAsync(known), Is.InstanceOf<ReadOutcome.Unreachable>());
    }

    [Test]
    public async Task A_page_of_something_that_stands_between_is_not_taken_for_no_trust_data()
    {
        _repository.Meddling.Instead = (_, _) => "<html>Sign in</html>"u8.ToArray();
        Assert.That(await RefusedAsync(), Does.StartWith($"{_repository.Gun}: root: "));
    }

    /// <summary>What a snapshot says of its files decides, before any of them is asked for.</summary>
    [Test]
    public async Task More_than_20_MiB_in_all_are_read_by_nobody()
    {
        var made = new MadeTrust(TimeProvider.System.GetUtcNow());
        for (var i = 0; i < 5; i++)
        {
            made.Delegate(FormattableString.Invariant($"targets/team{i}"));
        }

        made.Publish();
        var files = made.Files.Where(f => f.Key.StartsWith("targets", StringComparison.Ordinal) || f.Key == "root")
            .ToDictionary(f => f.Key, f => TufFile.Of(f.Value) with { Length = f.Key.StartsWith("targets/", StringComparison.Ordinal) ? RoleLimits.TargetsLength : f.Value.Length });
        made.Files["snapshot"] = MadeTrust.Sign(new SnapshotRole { Version = 1, Expires = made.Now.AddYears(1), Files = files }, made.Keys["snapshot"]);
        made.Timestamp();
        await using var meddling = await MeddlingNotary.StartAsync(Server.Address);
        meddling.Instead = (name, _) => made.Files.GetValueOrDefault(RoleOf(name));

        var read = await new TrustReader(TimeProvider.System).ReadAsync(made.Anchor, meddling.Client, null, null, CancellationToken.None);
        Assert.That((read as ReadOutcome.Rejected)?.Message, Does.Contain("or more than 20 MiB"));
        var signing = await new SigningReader(TimeProvider.System).ReadAsync(meddling.Client, made.Anchor, false, CancellationToken.None);
        Assert.That((signing.Trust as ServerTrust.Rejected)?.Message, Does.Contain("or more than 20 MiB"));
        Assert.That(meddling.Asked, Has.None.StartsWith("targets/"));
    }

    private void Instead(string role, Func<byte[], byte[]?> other) => _repository.Meddling.Instead = (name, real) => RoleOf(name) == role && real is not null ? other(real) : real;

    private async Task<byte[]> FileAsync(string role)
    {
        _repository.Meddling.Instead = (_, real) => real;
        await _repository.VerifiedAsync();
        return _repository.Meddling.Given.First(f => RoleOf(f.Key) == role).Value;
    }

    private Task<string> RefusedAsync() => _repository.RejectedAsync();

    private static string RoleOf(string file) =>
        file.Split('.') is [var version, var role, "json"] && version.All(char.IsAsciiDigit) ? role : file.Split('.')[0];
}
