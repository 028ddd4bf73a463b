using Portcullis.Core.Signing;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Signing;

/// <summary>What a decision says beside its verdict.</summary>
internal sealed class SigningDeciderTests
{
    private const string Image = "dtr.example.com/acme/app:1";

    private static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);

    [TestCase(SigningMode.Enforce)]
    [TestCase(SigningMode.Audit)]
    public void Policies_are_named_in_the_order_of_their_names(SigningMode mode) =>
        Assert.That(Decide([], Policy("b", mode), Policy("c", mode), Policy("a", mode)).Policies, Is.EqualTo(new[] { "a", "b", "c" }));

    [Test]
    public void Audited_policies_warn_in_the_order_of_their_names_and_only_when_they_are_not_met()
    {
        var met = Policy("m", SigningMode.Audit) with { Spec = new SigningPolicySpec { Mode = SigningMode.Audit, AnySigner = true, AcceptTargets = true } };
        var decision = Decide([Signed("a")], Policy("e", SigningMode.Enforce), Policy("z", SigningMode.Audit), met, Policy("b", SigningMode.Audit));
        Assert.That(decision.Warnings.Select(w => w.Split(':')[0]), Is.EqualTo(new[] { "SigningPolicy b", "SigningPolicy z" }));
    }

    [Test]
    public void Steps_are_said_only_where_they_are_wanted() => Assert.That(Decide([Signed("a")], Policy("a", SigningMode.Enforce)).Steps, Is.Empty);

    [Test]
    public void A_refusal_says_once_what_lacks_of_several_digests_and_what_was_not_counted()
    {
        var decision = Decide([Signed("a"), Signed("b")], Policy("a", SigningMode.Enforce));
        Assert.That(decision.Verdict.Problem, Is.EqualTo($"{Image}: image did not meet required signing policy: a: no signature counts (targets does not count); not counted: targets/old: it expired"));
    }

    /// <summary>In a role that counts for no policy unless it says so.</summary>
    private static RoleTarget Signed(string digest) => new("targets", "1", $"sha256:{new string(digest[0], 64)}", 1, ["k"]);

    private static SigningPolicy Policy(string name, SigningMode mode) =>
        new() { Metadata = new ObjectMeta { Name = name }, Spec = new SigningPolicySpec { Mode = mode, AnySigner = true } };

    private static SigningDecision Decide(IReadOnlyList<RoleTarget> targets, params SigningPolicy[] policies) => SigningDecider.Decide(
        new SigningQuestion(Image, ImageName.TryParse(Image)!, policies)
        {
            IsRegistered = true,
            Findings = new Dictionary<SignatureVerifier, TrustFinding> { [SignatureVerifier.Notary] = new TrustFinding.Verified(new RepositoryTrust(targets, ["targets/old: it expired"], Now.AddDays(1))) },
            Now = Now,
        });
}
