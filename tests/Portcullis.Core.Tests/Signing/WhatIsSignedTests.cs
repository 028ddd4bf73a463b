using Portcullis.Core.Signing;

namespace Portcullis.Core.Tests.Signing;

/// <summary>What is said of the signatures of an image that no policy asks about.</summary>
internal sealed class WhatIsSignedTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly string Digest = SigningGiven.Digest("a");

    [Test]
    public void Every_entry_for_the_image_is_said_without_any_policy()
    {
        var trust = new RepositoryTrust(
            [new RoleTarget("targets", "1", Digest, 1, ["k1"]), new RoleTarget("targets/ci", "1", Digest, 1, ["k2", "k3"]), new RoleTarget("targets", "2", Digest, 1, ["k1"])],
            ["targets/old: it expired"],
            Now.AddDays(1));
        Assert.That(Said(new TrustFinding.Verified(trust)), Is.EqualTo(new[]
        {
            "trust data (Notary) Found: verified; valid until 2026-12-02T12:00:00Z",
            "trust data (Notary) Failed: targets/old: it expired",
            $"role targets Found: 1 is {Digest}, signed with k1",
            $"role targets/ci Found: 1 is {Digest}, signed with k2, k3",
        }));
    }

    [Test]
    public void What_keeps_the_signatures_from_being_read_is_said_too()
    {
        Assert.That(Said(new TrustFinding.Absent("nobody has signed")), Is.EqualTo(new[] { "trust data (Notary) Failed: nobody has signed" }));
        Assert.That(Said(new TrustFinding.Unreachable("no answer")), Is.EqualTo(new[] { "trust data (Notary) Unknown: no answer" }));
    }

    private static IEnumerable<string> Said(TrustFinding finding)
    {
        var image = $"{SigningGiven.Host}/acme/app:1";
        var question = new SigningQuestion(image, ImageName.TryParse(image)!, [])
        {
            IsRegistered = true,
            Findings = new Dictionary<SignatureVerifier, TrustFinding> { [SignatureVerifier.Notary] = finding },
            Teams = TeamKeys.Nothing,
            Now = Now,
        };
        return SigningDecider.WhatIsSigned(question).Select(s => $"{s.Subject} {s.Outcome}: {s.Message}");
    }
}
