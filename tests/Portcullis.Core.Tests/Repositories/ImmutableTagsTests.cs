using Portcullis.Core.Repositories;

namespace Portcullis.Core.Tests.Repositories;

internal sealed class ImmutableTagsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [TestCase("v1", ExpectedResult = "spec.immutability.rules[1]")]
    [TestCase("v1-dev", ExpectedResult = null)]
    [TestCase("latest", ExpectedResult = null)]
    [TestCase("release-3", ExpectedResult = "spec.immutability.rules[1]")]
    public string? The_first_rule_that_matches_decides(string tag) => ImmutableTags.RuleFor(
        Spec(new ImmutabilityRule { Tags = ["*-dev"], Immutable = false }, new ImmutabilityRule { Tags = ["v*", "release-*"] }), tag, Now);

    [Test]
    public void Without_rules_every_tag_may_be_overwritten() =>
        Assert.That(ImmutableTags.RuleFor(new RepositorySpec { Registry = "r", Name = "a/b" }, "v1", Now), Is.Null);

    [Test]
    public void An_exception_holds_for_its_tag_until_it_ends()
    {
        var spec = Spec(new ImmutabilityRule { Tags = ["*"] });
        spec = spec with { Immutability = spec.Immutability! with { Exceptions = [new ImmutabilityException { Tag = "v1", Reason = "broken build", Owner = "ann", ExpiresAt = Now }] } };

        Assert.That(ImmutableTags.RuleFor(spec, "v1", Now.AddSeconds(-1)), Is.Null);
        Assert.That(ImmutableTags.RuleFor(spec, "v1", Now), Is.Not.Null, "from this time on the rules hold again");
        Assert.That(ImmutableTags.RuleFor(spec, "v2", Now.AddSeconds(-1)), Is.Not.Null);
        Assert.That(ImmutableTags.NextChange(spec, Now.AddHours(-1)), Is.EqualTo(Now));
        Assert.That(ImmutableTags.NextChange(spec, Now), Is.Null);
    }

    [Test]
    public void Lists_of_referrers_are_never_immutable() =>
        Assert.That(ImmutableTags.RuleFor(Spec(new ImmutabilityRule { Tags = ["*"] }), $"sha256-{new string('a', 64)}", Now), Is.Null);

    private static RepositorySpec Spec(params ImmutabilityRule[] rules) =>
        new() { Registry = "r", Name = "a/b", Immutability = new Immutability { Rules = rules } };
}
