using Portcullis.Core.Signing;

namespace Portcullis.Core.Tests.Signing;

/// <summary>Where a policy holds, whose signature counts as whose, and what comes of several images together.</summary>
internal sealed class SigningScopeTests
{
    private static readonly string Digest = SigningGiven.Digest("a");

    [TestCase("/prod", null, null, "/prod", "web", "acme/app", true)]
    [TestCase("/prod", null, null, "/prod/eu", "web", null, true)]
    [TestCase("/prod/", null, null, "/prod/eu", "web", null, true)]
    [TestCase("/", null, null, "/test", "web", null, true)]
    [TestCase("/prod", null, null, "/production", "web", null, false)]
    [TestCase("/prod/eu", null, null, "/prod", "web", null, false)]
    [TestCase("/prod", null, null, null, "web", null, false)]
    [TestCase(null, "web-*", null, "/prod", "web-1", null, true)]
    [TestCase(null, "web-*", null, "/prod", "db", null, false)]
    [TestCase(null, "*", null, "/prod", null, "acme/app", false)]
    [TestCase(null, null, "acme/*", null, null, "acme/app", true)]
    [TestCase(null, null, "acme/*", "/prod", "web", "other/app", false)]
    [TestCase(null, null, "*", "/prod", "web", null, false)]
    [TestCase("/prod", "web", "acme/*", "/prod", "web", "acme/app", true)]
    [TestCase("/prod", "web", "acme/*", "/test", "web", "acme/app", false)]
    [TestCase("/prod", "web", "acme/*", "/prod", "db", "acme/app", false)]
    [TestCase("/prod", "web", "acme/*", "/prod", "web", "other/app", false)]
    public void A_policy_holds_where_each_list_of_its_scope_matches(string? collection, string? ns, string? repository, string? atCollection, string? atNamespace, string? atRepository, bool holds)
    {
        var scope = new SigningScope { Collections = List(collection), Namespaces = List(ns), Repositories = List(repository) };
        Assert.That(SigningCoverage.Covers(scope, new SigningPlace(atNamespace, atCollection), atRepository), Is.EqualTo(holds));
    }

    [Test]
    public void One_of_several_collections_is_enough()
    {
        var scope = new SigningScope { Collections = ["/prod", "/stage/"] };
        Assert.That(new[] { "/prod/eu", "/stage", "/stage/eu", "/test" }.Select(c => SigningCoverage.Covers(scope, new SigningPlace("web", c), null)), Is.EqualTo(new[] { true, true, true, false }));
        Assert.That(SigningCoverage.Covers(scope with { Collections = [] }, new SigningPlace("web", "/prod"), null), Is.False);
    }

    [Test]
    public void A_policy_without_a_scope_holds_everywhere() => Assert.That(SigningCoverage.Covers(null, SigningPlace.Nowhere, null), Is.True);

    /// <summary>Docker's documentation of signing policies, and docs/signing-policies.md.</summary>
    [TestCase("targets", false, false, false)]
    [TestCase("targets", true, true, true)]
    [TestCase("targets/releases", false, true, false)]
    [TestCase("targets/releases", true, true, false)]
    [TestCase("targets/ann", false, true, true)]
    [TestCase("targets/ann", true, true, true)]
    public void A_signature_counts_by_the_role_that_it_is_in(string role, bool acceptTargets, bool counts, bool forTeams) =>
        Assert.That((SigningRoles.Counts(role, acceptTargets), SigningRoles.CountsForTeams(role, acceptTargets)), Is.EqualTo((counts, forTeams)));

    [TestCase("", "")]
    [TestCase("x", "")]
    [TestCase("a1,a2", "ann")]
    [TestCase("a1,b1", "ann|bob")]
    [TestCase("shared", "ann or bob")]
    [TestCase("shared,a1", "ann")]
    [TestCase("shared,a1,b1", "ann|bob")]
    [TestCase("shared,c1", "ann or bob|cay")]
    public void People_are_counted_and_not_keys(string keys, string signers)
    {
        var team = new SigningTeam("ci/release", new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            ["ann"] = ["a1", "a2", "shared"], ["bob"] = ["b1", "shared"], ["cay"] = ["c1"], ["dan"] = [],
        });
        Assert.That(string.Join('|', team.SignersOf(keys.Split(',').ToHashSet(StringComparer.Ordinal)).Order(StringComparer.Ordinal)), Is.EqualTo(signers));
        Assert.That(team.WithKeys, Is.EqualTo(3));
    }

    [Test]
    public void One_image_that_may_not_run_keeps_the_whole_object_from_running()
    {
        var good = new SigningDecision("good:1", SigningMode.Enforce, new SigningVerdict.Allowed(Digest)) { Policies = ["p"], Warnings = ["w"] };
        var bad = new SigningDecision("bad:1", SigningMode.Enforce, new SigningVerdict.Refused("why")) { Policies = ["q", "p"], Warnings = ["w", "x"] };
        var seen = new SigningDecision("seen:1", SigningMode.Audit, new SigningVerdict.Refused("not said")) { Policies = ["audit"] };
        var together = new ImageAdmission([SigningDecision.NotCovered("other:1"), seen, good, bad]);
        Assert.Multiple(() =>
        {
            Assert.That((together.Mode, together.MayRun), Is.EqualTo((SigningMode.Enforce, false)));
            Assert.That(together.Policies, Is.EqualTo(new[] { "p", "q" }));
            Assert.That(together.Warnings, Is.EqualTo(new[] { "w", "x" }));
            Assert.That(together.Covered, Is.EqualTo($"seen:1, good:1@{Digest}, bad:1"));
            Assert.That(together.Refusal, Is.EqualTo("one or more images do not meet the required signing policy: [bad:1]; additional error messages: [why]"));
            var allowed = new ImageAdmission([seen, good]);
            Assert.That((allowed.MayRun, allowed.Refusal), Is.EqualTo((true, (string?)null)));
            var none = new ImageAdmission([]);
            Assert.That((none.Mode, none.MayRun, none.Warnings.Count), Is.EqualTo((SigningMode.Off, true, 0)));
        });
    }

    [TestCase(10, "")]
    [TestCase(11, " and 1 more")]
    public void Ten_images_are_named_and_the_others_counted(int images, string rest)
    {
        var covered = new ImageAdmission([.. Enumerable.Range(0, images).Select(i => new SigningDecision($"i{i}", SigningMode.Audit, new SigningVerdict.Refused("")))]).Covered;
        Assert.That(covered, Is.EqualTo("i0, i1, i2, i3, i4, i5, i6, i7, i8, i9" + rest));
    }

    /// <summary>What is not known is never enough where a policy is enforced.</summary>
    [Test]
    public void Only_what_is_allowed_runs_under_an_enforced_policy()
    {
        SigningVerdict[] verdicts = [new SigningVerdict.Allowed(Digest), new SigningVerdict.Allowed(null), new SigningVerdict.Refused("r"), new SigningVerdict.Unknown("u")];
        Assert.That(verdicts.Select(v => new SigningDecision("i", SigningMode.Enforce, v)).Select(d => (d.MayRun, d.Pinned)), Is.EqualTo(new[] { (true, Digest), (true, null), (false, null), (false, (string?)null) }));
        Assert.That(verdicts.Select(v => new SigningDecision("i", SigningMode.Audit, v)).Select(d => (d.MayRun, d.Pinned)), Is.All.EqualTo((true, (string?)null)));
        Assert.That(new SigningDecision($"i@{Digest}", SigningMode.Enforce, verdicts[0]).ToName, Is.Null, "it is named already");
        Assert.That(new SigningDecision("i:1", SigningMode.Enforce, verdicts[0]).ToName, Is.EqualTo(Digest));
        Assert.That(verdicts.Select(v => v.Problem), Is.EqualTo(new[] { null, null, "r", "u" }));
    }

    [Test]
    public void An_explanation_says_what_was_decided_and_by_which_digest()
    {
        var step = new SigningStep("s", SigningOutcome.Passed, "m");
        var decision = new SigningDecision("i", SigningMode.Enforce, new SigningVerdict.Allowed(Digest)) { Policies = ["p"], Warnings = ["w"], Steps = [step] };
        var explained = TrustExplanation.Of(decision);
        Assert.That((explained.Image, explained.Mode, explained.Verdict, explained.Digest, explained.Reason), Is.EqualTo(("i", SigningMode.Enforce, "Allowed", Digest, (string?)null)));
        Assert.That((explained.Policies.Single(), explained.Warnings.Single(), explained.Steps.Single()), Is.EqualTo(("p", "w", step)));
        var refused = TrustExplanation.Of(decision with { Verdict = new SigningVerdict.Refused("why") });
        Assert.That((refused.Verdict, refused.Digest, refused.Reason), Is.EqualTo(("Refused", (string?)null, "why")));
    }

    private static IReadOnlyList<string>? List(string? one) => one is null ? null : [one];
}
