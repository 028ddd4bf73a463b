using Portcullis.Core.Registries;

namespace Portcullis.Core.Tests.Registries;

/// <summary>What is said of the certificate that clients of a registry see.</summary>
internal sealed class GatewayCertificateTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [TestCase(60, true, "True", "CertificateValid", false)]
    [TestCase(15, true, "True", "CertificateValid", false)]
    [TestCase(13, true, "True", "GatewayCertificateExpires", true)]
    [TestCase(-1, true, "False", "GatewayCertificateExpired", true)]
    [TestCase(60, false, "False", "GatewayCertificateName", true)]
    public void A_condition_and_an_Event_say_what_clients_will_notice(int days, bool namesHost, string status, string reason, bool isReported)
    {
        var judged = RegistryJudge.Judge(new RegistryReadBack { Host = "dtr.example.com", Gateway = new PresentedCertificate(Now.AddDays(days), namesHost) }, Now);

        var condition = judged.Conditions.Single();
        Assert.That((condition.Type, condition.Status, condition.Reason), Is.EqualTo((GatewayCertificateJudge.Condition, status, reason)));
        Assert.That(judged.Events.Any(e => e.Warning && e.Reason == reason), Is.EqualTo(isReported));
        Assert.That(judged.Status.GatewayCertificateExpiresAt, Is.EqualTo(Now.AddDays(days)));
    }

    [Test]
    public void A_host_where_nobody_answers_by_TLS_is_no_fault()
    {
        var judged = RegistryJudge.Judge(new RegistryReadBack { Host = "dtr.localhost:5000" }, Now);
        Assert.That((judged.Conditions.Count, judged.Events.Count, judged.Status.GatewayCertificateExpiresAt), Is.EqualTo((0, 0, (DateTimeOffset?)null)));
    }
}
