using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Core.Signing;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;
using Portcullis.Signing;
using Portcullis.Testing;
using Portcullis.Testing.Notaries;
using Portcullis.Testing.Servers;
using Portcullis.Tests.Gateway;
using Portcullis.Tests.Trust.Reading;
using Portcullis.Trust;

namespace Portcullis.Tests.Trust;

/// <summary>The verifier as the program has it: it finds the Notary server by the Registry, and asks it with tokens of its own. People sign through the gateway.</summary>
[TestFixture]
internal sealed class NotaryVerifierTests
{
    private static readonly RepositoryId Repository = new("dtr", GatewayWorld.Name);
    private readonly PinnedKeys _pinned = new();
    private GatewayWorld _world = null!;
    private NotaryServer _notary = null!;
    private NotaryClientProgram _ann = null!;
    private IHost _host = null!;
    private IImageVerifier _verifier = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (NotaryServer.Missing is { } missing)
        {
            Assert.Ignore(missing);
        }

        var port = LoopbackServer.FreePort();
        _world = await GatewayWorld.StartAsync(whole: true, notary: $"{{url: \"http://127.0.0.1:{port}\"}}");
        var tokens = new NotaryServerTokens("https://localhost/token", GatewayWorld.Service, GatewayWorld.Issuer, _world.RootPem);
        _notary = await NotaryServer.StartAsync(new NotaryServerOptions { Port = port, Tokens = tokens });
        _ann = new NotaryClientProgram(new Uri($"https://{_world.Host}")) { Credentials = "ann:anns-password", AuthorityFile = _world.AuthorityFile };
        await StartHostAsync();
        (await _ann.RunAsync("init", $"{_world.Host}/{GatewayWorld.Name}", "-p")).Succeeded();
        _pinned.Anchor = new TrustAnchor($"{_world.Host}/{GatewayWorld.Name}", _ann.KeyIdsOf("root"));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _ann?.Dispose();
        if (_host is not null)
        {
            await _host.StopAsync();
            _host.Dispose();
        }

        if (_notary is not null)
        {
            await _notary.DisposeAsync();
        }

        if (_world is not null)
        {
            await _world.DisposeAsync();
        }
    }

    [Test]
    public async Task What_somebody_signs_through_the_gateway_is_found_at_once_by_who_misses_it()
    {
        Assert.That(await _verifier.FindAsync(Repository, Freshness.Kept, default), Is.InstanceOf<TrustFinding.Verified>());
        await _ann.SignAsync(_pinned.Anchor!.Gun, "1.0", SignedRepository.DigestOf("1.0"), 3);
        await Eventually.HoldsAsync(async () => await _verifier.FindAsync(Repository, Freshness.New, default) is TrustFinding.Verified { Trust: var trust } && trust.OfTag("1.0").Any(), TimeSpan.FromSeconds(5));
    }

    [Test]
    public async Task The_changefeed_of_the_server_may_be_read_with_the_programs_own_tokens()
    {
        var registry = _host.Services.GetRequiredService<IStore<Registry>>().List().Single();
        var connection = await _host.Services.GetRequiredService<Portcullis.Registries.RegistryConnections>().ConnectNotaryAsync(registry, default);
        Assert.That(await connection!.Notary.ChangesAsync(null, null, 10, default), Is.Not.Empty);
    }

    [Test]
    public async Task Nothing_is_signed_where_nothing_is_pinned_and_nobody_is_asked()
    {
        var other = await _verifier.FindAsync(Repository with { Name = "shop/base" }, Freshness.Kept, default);
        Assert.That(((TrustFinding.Absent)other).Message, Does.StartWith($"no TrustDelegation pins root keys for {_world.Host}/shop/base"));
        var unknown = await _verifier.FindAsync(Repository with { Registry = "nowhere" }, Freshness.Kept, default);
        Assert.That(unknown, Is.EqualTo(new TrustFinding.Unreachable("there is no Registry nowhere")));
    }

    private async Task StartHostAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole();
        builder.Services.AddKubernetes(_world.Cluster.Connection);
        builder.Services.AddSingleton<ITrustAnchors>(_pinned);
        builder.Services.AddTrustReading();
        _host = builder.Build();
        await _host.StartAsync();
        var registries = _host.Services.GetRequiredService<IStore<Registry>>();
        await Eventually.HoldsAsync(() => registries.List().Count == 1);
        _verifier = _host.Services.GetServices<IImageVerifier>().Single(v => v.Name == "notary");
    }

    private sealed class PinnedKeys : ITrustAnchors
    {
        public TrustAnchor? Anchor { get; set; }

        public TrustAnchor? OfRepository(RepositoryId repository) => repository == Repository ? Anchor : null;
    }
}
