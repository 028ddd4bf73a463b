using System.Text.Json.Nodes;
using Portcullis.Core.Hardening;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Tests.Hardening;

/// <summary>Which keys need a verified source: all but those that were examined, so that a key of a later engine needs one too.</summary>
internal sealed class DaemonKeyTrustTests
{
    [Test]
    public void Every_key_that_may_give_root_is_here_and_a_new_one_is_added_here_until_it_is_examined() => Assert.That(
        DaemonKeys.All.Select(k => k.Name).Where(DaemonKeyTrust.NeedsVerifiedSource).Order(StringComparer.Ordinal),
        Is.EqualTo(new[]
        {
            "api-cors-header", "apparmor-profile", "authorization-plugins", "builder", "cdi-spec-dirs", "cluster-advertise", "cluster-store",
            "cluster-store-opts", "containerd", "containerd-namespace", "cri-containerd", "data-root", "default-runtime", "deprecated-key-path",
            "disable-legacy-registry", "exec-root", "graph", "group", "hosts", "init-path", "network-diagnostic-port", "nri-opts", "pidfile",
            "rootless", "runtimes", "storage-opts", "tls", "tlscacert", "tlscert", "tlskey", "tlsverify", "userland-proxy-path",
        }));

    [Test]
    public void What_is_no_key_is_rejected_and_needs_no_second_message() => Assert.That(
        HardeningClaims.Of(new NodeHardeningSpec { DaemonJson = new JsonObject { ["http-proxy"] = "a", ["hosts"] = new JsonArray(), ["debug"] = true } })
            .OfType<ScopeClaim.VerifiedSource>().Select(c => c.Field),
        Is.EqualTo(new[] { "spec.daemonJSON.hosts" }));

    [TestCase("a-key-of-the-year-2030")]
    [TestCase("")]
    [TestCase("Debug")]
    public void What_nobody_examined_needs_one(string key) => Assert.That(DaemonKeyTrust.NeedsVerifiedSource(key));
}
