using System.Security.Cryptography.X509Certificates;
using Portcullis.Core.Registries;
using Portcullis.Registries;
using Portcullis.Tests.Gateway;

namespace Portcullis.Tests.Registries;

/// <summary>What the operator sees of the certificate that clients are shown.</summary>
internal sealed class GatewayCertificatesTests
{
    private readonly GatewayCertificates _certificates = new(TimeProvider.System);

    [Test]
    public async Task The_certificate_of_a_running_gateway_is_read_and_compared_with_its_host()
    {
        await using var world = await GatewayWorld.StartAsync(whole: true);
        using var shown = X509CertificateLoader.LoadCertificateFromFile(world.CertificateFile);
        var expires = new DateTimeOffset(shown.NotAfter.ToUniversalTime());

        Assert.That(await _certificates.AskAsync(world.Host, default), Is.EqualTo(new PresentedCertificate(expires, NamesHost: true)));
        var other = world.Host.Replace("localhost", "[::ffff:127.0.0.1]", StringComparison.Ordinal);
        Assert.That((await _certificates.AskAsync(other, default))?.NamesHost, Is.False);
    }

    [Test]
    public async Task A_host_that_nobody_answers_at_or_that_has_no_TLS_is_not_known()
    {
        await using var world = await GatewayWorld.StartAsync();
        Assert.That(await _certificates.AskAsync(world.Host, default), Is.Null, "plain HTTP");
        Assert.That(await _certificates.AskAsync("127.0.0.1:1", default), Is.Null);
        Assert.That(await _certificates.AskAsync("no-such-host.invalid", default), Is.Null);
    }
}
