using Portcullis.Testing.Notaries;

namespace Portcullis.Tests.Trust;

/// <summary>Tests that share one real notary-server.</summary>
internal abstract class NotaryServerFixture
{
    private NotaryServer? _server;

    protected NotaryServer Server => _server ?? throw new InvalidOperationException("not started");

    [OneTimeSetUp]
    public async Task StartServerAsync()
    {
        if (NotaryServer.Missing is { } missing)
        {
            Assert.Ignore(missing);
        }

        _server = await NotaryServer.StartAsync();
    }

    [OneTimeTearDown]
    public async Task StopServerAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
