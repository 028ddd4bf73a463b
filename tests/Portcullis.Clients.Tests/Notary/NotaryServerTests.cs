using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Clients.Notary;
using Portcullis.Testing.Notaries;

namespace Portcullis.Clients.Tests.Notary;

/// <summary>The client against the real notary-server, with trust data that the real notary client made.</summary>
[TestFixture]
internal sealed class NotaryServerTests
{
    private const int Limit = 1024 * 1024;
    private NotaryServer _server = null!;
    private NotaryClientProgram _program = null!;
    private NotaryClient _client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (NotaryServer.Missing is { } missing)
        {
            Assert.Ignore(missing);
        }

        _server = await NotaryServer.StartAsync();
        _program = new NotaryClientProgram(_server.Address);
        _client = _server.Client();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _program?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Test]
    public async Task A_name_that_nobody_has_signed_under_has_no_metadata()
    {
        foreach (var name in (MetadataName[])[MetadataName.Latest("root"), MetadataName.OfVersion("root", 1), MetadataName.OfChecksum("targets/a", new string('0', 64))])
        {
            Assert.That(await _client.GetAsync("registry.example/nobody/nothing", name, Limit, default), Is.Null, name.ToString());
        }
    }

    [Test]
    public async Task Metadata_is_read_as_the_newest_by_its_version_and_by_its_checksum()
    {
        const string Gun = "registry.example/team/read";
        await PublishedAsync(Gun);
        var root = await _client.GetAsync(Gun, MetadataName.Latest("root"), Limit, default);
        var targets = await _client.GetAsync(Gun, MetadataName.Latest("targets"), Limit, default);

        Assert.That(await _client.GetAsync(Gun, MetadataName.OfVersion("root", 1), Limit, default), Is.EqualTo(root));
        Assert.That(await _client.GetAsync(Gun, MetadataName.OfVersion("root", 2), Limit, default), Is.Null);
        Assert.That(await _client.GetAsync(Gun, MetadataName.OfChecksum("targets", ChecksumOf(targets!)), Limit, default), Is.EqualTo(targets));
        Assert.That(Encoding.UTF8.GetString(targets!), Does.Contain("1.0"));
    }

    [Test]
    public async Task A_publication_is_taken_whole_refused_with_the_check_that_failed_and_a_conflict_when_somebody_was_first()
    {
        const string Gun = "registry.example/team/publish";
        await PublishedAsync(Gun);
        var roles = await RolesAsync(Gun, "root", "targets", "snapshot");

        var conflict = await FailureAsync(() => _client.PublishAsync(Gun, roles, default));
        Assert.That((conflict.Kind, conflict.Code), Is.EqualTo((NotaryFailure.Conflict, "VERSION")), conflict.Message);

        await _client.DeleteAsync(Gun, default);
        Assert.That(await _client.GetAsync(Gun, MetadataName.Latest("root"), Limit, default), Is.Null);
        await _client.PublishAsync(Gun, roles, default);
        Assert.That(await _client.GetAsync(Gun, MetadataName.Latest("targets"), Limit, default), Is.EqualTo(roles["targets"].ToArray()));

        var broken = new Dictionary<string, ReadOnlyMemory<byte>>(roles) { ["targets"] = Changed(roles["targets"]) };
        await _client.DeleteAsync(Gun, default);
        var refused = await FailureAsync(() => _client.PublishAsync(Gun, broken, default));
        Assert.That((refused.Kind, refused.Code), Is.EqualTo((NotaryFailure.Invalid, "INVALID_UPDATE")));
        Assert.That(refused.Message, Does.Contain("ErrBadTargets"));
        Assert.That(await _client.GetAsync(Gun, MetadataName.Latest("root"), Limit, default), Is.Null, "nothing of a refused publication is stored");
    }

    [Test]
    public async Task The_names_of_delegations_reach_the_server_whole()
    {
        const string Gun = "registry.example/team/delegated";
        await PublishedAsync(Gun);
        var (key, certificate) = _program.NewKeyPair("ci");
        await _program.ImportAsync(key, "user");
        (await _program.RunAsync("delegation", "add", Gun, "targets/ci", certificate, "--all-paths", "-p")).Succeeded();
        await _program.SignAsync(Gun, "2.0", $"sha256:{new string('2', 64)}", 2, "targets/ci");
        var roles = await RolesAsync(Gun, "root", "targets", "targets/ci", "snapshot");

        await _client.DeleteAsync(Gun, default);
        await _client.PublishAsync(Gun, roles, default);

        // Another one: the first remembers that it has seen later versions of the timestamp, which the server counts.
        using var reader = new NotaryClientProgram(_server.Address);
        Assert.That((await reader.RunAsync("list", Gun, "-r", "targets/ci")).Succeeded(), Does.Contain("2.0"));
    }

    [Test]
    public async Task The_server_gives_the_public_keys_that_it_holds_and_makes_new_ones()
    {
        const string Gun = "registry.example/team/keys";
        var offered = await _client.GetKeyAsync(Gun, "timestamp", default);
        Assert.That((string?)JsonNode.Parse(offered)!["keytype"], Is.EqualTo("ed25519"));
        Assert.That(await _client.GetKeyAsync(Gun, "timestamp", default), Is.Not.EqualTo(offered), "nobody has published a root that names it");

        await PublishedAsync(Gun);
        var timestamp = await _client.GetKeyAsync(Gun, "timestamp", default);
        Assert.That(await _client.GetKeyAsync(Gun, "timestamp", default), Is.EqualTo(timestamp));
        Assert.That(await _client.RotateKeyAsync(Gun, "timestamp", default), Is.Not.EqualTo(timestamp));
    }

    [Test]
    public async Task The_changefeed_says_what_was_published_and_deleted_in_order()
    {
        const string Gun = "registry.example/team/feed";
        await PublishedAsync(Gun);
        await _program.SignAsync(Gun, "2.0", $"sha256:{new string('2', 64)}", 2);
        await _client.DeleteAsync(Gun, default);

        var own = await _client.ChangesAsync(Gun, null, 100, default);
        Assert.That(own.Select(c => (c.Gun, c.IsDeletion, c.TimestampVersion)), Is.EqualTo(new[] { (Gun, false, 1L), (Gun, false, 2L), (Gun, false, 3L), (Gun, true, 0L) }));
        var all = await _client.ChangesAsync(null, own[0].Id, 100, default);
        Assert.That(all.Where(c => c.Gun == Gun).Select(c => c.Id), Is.EqualTo(own.Skip(1).Select(c => c.Id)), "what follows a change does not repeat it");
        Assert.That((await _client.ChangesAsync(null, "-1", -1, default)).Single().CreatedAt, Is.EqualTo(TimeProvider.System.GetUtcNow()).Within(TimeSpan.FromMinutes(1)));
    }

    [Test]
    public async Task A_server_whose_keys_a_signer_holds_answers_the_same_way()
    {
        await using var signer = await NotarySigner.StartAsync();
        await using var server = await NotaryServer.StartAsync(new NotaryServerOptions { Signer = signer, KeyAlgorithm = "ecdsa" });
        using var program = new NotaryClientProgram(server.Address);
        (await program.RunAsync("init", "registry.example/a/b", "-p")).Succeeded();

        var key = await server.Client().GetKeyAsync("registry.example/a/b", "timestamp", default);
        Assert.That((string?)JsonNode.Parse(key)!["keytype"], Is.EqualTo("ecdsa"));
        Assert.That(await server.Client().GetAsync("registry.example/a/b", MetadataName.Latest("timestamp"), Limit, default), Is.Not.Null);
    }

    private async Task PublishedAsync(string gun)
    {
        (await _program.RunAsync("init", gun, "-p")).Succeeded();
        await _program.SignAsync(gun, "1.0", $"sha256:{new string('1', 64)}", 1);
    }

    private async Task<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> RolesAsync(string gun, params string[] roles)
    {
        var read = new Dictionary<string, ReadOnlyMemory<byte>>();
        foreach (var role in roles)
        {
            read[role] = (await _client.GetAsync(gun, MetadataName.Latest(role), Limit, default))!;
        }

        return read;
    }

    /// <summary>The same with another digest, which its signature does not cover.</summary>
    private static byte[] Changed(ReadOnlyMemory<byte> metadata) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(metadata.Span).Replace("\"1.0\"", "\"1.1\"", StringComparison.Ordinal));

    private static string ChecksumOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static async Task<NotaryException> FailureAsync(Func<Task> call) => (await Assert.ThrowsAsync<NotaryException>(call))!;
}
