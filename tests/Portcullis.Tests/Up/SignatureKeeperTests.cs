using Portcullis.Testing.Notaries;
using Portcullis.Up.Signatures;

namespace Portcullis.Tests.Up;

/// <summary>What the Notary server of <c>up</c> forgets and gets back, with the real server and client.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SignatureKeeperTests : IAsyncDisposable
{
    private const string Gun = "localhost:5443/admin/flask";
    private const string Digest = "sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
    private readonly string _folder = Directory.CreateTempSubdirectory("pk-").FullName;
    private NotaryServer _server = null!;
    private NotaryClientProgram _pipeline = null!;
    private string _certificate = null!;

    [SetUp]
    public async Task SignAsync()
    {
        if (NotaryServer.Missing is { } missing)
        {
            Assert.Ignore(missing);
        }

        _server = await NotaryServer.StartAsync();
        _pipeline = new NotaryClientProgram(_server.Address);
        (var key, _certificate) = _pipeline.NewKeyPair("gitlab");
        await DelegateAsync(_certificate);
        await _pipeline.ImportAsync(key, "gitlab");
        await _pipeline.SignAsync(Gun, "66", Digest, 1234, "targets/releases", "targets/gitlab");
    }

    public async ValueTask DisposeAsync()
    {
        _pipeline?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task What_was_signed_is_there_again_once_the_same_key_is_delegated_to_again()
    {
        await Keeper().LookAsync(default);
        var keeper = await RestartedAsync();
        await keeper.LookAsync(default);
        await DelegateAsync(_certificate);
        Assert.That(await ListedAsync("targets/gitlab"), Does.Not.Contain("66"));

        await keeper.LookAsync(default);

        Assert.That(await ListedAsync("targets/gitlab"), Does.Contain("66").And.Contain(Digest["sha256:".Length..]));
        Assert.That(await ListedAsync("targets/releases"), Does.Contain("66"));
    }

    [Test]
    public async Task A_server_that_is_started_anew_under_the_keeper_gets_everything_back_too()
    {
        var keeper = Keeper();
        await keeper.LookAsync(default);
        _ = await RestartedAsync();
        await DelegateAsync(_certificate);
        await keeper.LookAsync(default);
        Assert.That(await ListedAsync("targets/gitlab"), Does.Contain("66"));
    }

    [Test]
    public async Task The_newest_of_what_was_signed_is_kept()
    {
        var keeper = Keeper();
        await keeper.LookAsync(default);
        await _pipeline.SignAsync(Gun, "67", Digest, 1234, "targets/releases", "targets/gitlab");
        (await _pipeline.RunAsync("remove", Gun, "66", "-r", "targets/releases", "-r", "targets/gitlab", "-p")).Succeeded();
        await keeper.LookAsync(default);

        keeper = await RestartedAsync();
        await DelegateAsync(_certificate);
        await keeper.LookAsync(default);

        Assert.That(await ListedAsync("targets/gitlab"), Does.Contain("67").And.Not.Contain("66 "));
    }

    [Test]
    public async Task Another_key_gets_nothing_of_it_and_what_was_deleted_on_purpose_does_not_come_back()
    {
        await Keeper().LookAsync(default);
        var keeper = await RestartedAsync();
        var stranger = _pipeline.NewKeyPair("stranger").Certificate;
        await DelegateAsync(stranger);
        await keeper.LookAsync(default);
        Assert.That(await ListedAsync("targets/gitlab"), Does.Not.Contain("66"));

        await _server.Client().DeleteAsync(Gun, default);
        await keeper.LookAsync(default);
        await DelegateAsync(_certificate);
        await keeper.LookAsync(default);
        Assert.That(await ListedAsync("targets/gitlab"), Does.Not.Contain("66"));
    }

    private SignatureKeeper Keeper() => new(_server.Client(), new SignatureArchive(_folder));

    /// <summary>The server loses everything. A keeper of the next run.</summary>
    private async Task<SignatureKeeper> RestartedAsync()
    {
        await _server.StopAsync();
        await _server.StartAgainAsync();
        return Keeper();
    }

    /// <summary>As the operator does at each start: trust data made of new, with delegations to one certificate.</summary>
    private async Task DelegateAsync(string certificate)
    {
        using var owner = new NotaryClientProgram(_server.Address);
        (await owner.RunAsync("init", Gun, "-p")).Succeeded();
        (await owner.RunAsync("key", "rotate", Gun, "snapshot", "-r")).Succeeded();
        (await owner.RunAsync("delegation", "add", Gun, "targets/releases", certificate, "--all-paths")).Succeeded();
        (await owner.RunAsync("delegation", "add", Gun, "targets/gitlab", certificate, "--all-paths", "-p")).Succeeded();
    }

    private async Task<string> ListedAsync(string role)
    {
        using var reader = new NotaryClientProgram(_server.Address);
        return (await reader.RunAsync("list", Gun, "-r", role)).Succeeded();
    }
}
