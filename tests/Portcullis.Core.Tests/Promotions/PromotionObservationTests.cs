using Portcullis.Core.Promotions;
using Portcullis.Core.Repositories;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Promotions;

internal sealed class PromotionObservationTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void The_others_to_the_target_are_the_other_policies_that_write_to_it()
    {
        var mine = Policy("mine");
        var observed = Observe(mine, [Policy("z"), mine, Policy("a"), Policy("elsewhere", to: "a/c"), Policy("another-registry", registry: "hub"), Policy("leaving", deleted: Now)]);
        Assert.That(observed.OthersToTarget.Select(p => p.Key.Name), Is.EqualTo(new[] { "a", "z" }));
    }

    [Test]
    public void A_tag_of_the_target_is_immutable_by_the_rule_of_its_repository_at_that_time()
    {
        var observed = Observe(Policy("mine"), []);
        Assert.That(observed.ImmutableBy("v1"), Is.EqualTo("spec.immutability.rules[0]"));
        Assert.That(observed.ImmutableBy("v2"), Is.Null, "an exception is in force");
        Assert.That(observed.ImmutableBy("latest"), Is.Null);
    }

    [Test]
    public void Only_scans_and_signatures_are_asked_for()
    {
        var asked = Enum.GetValues<Core.Criteria.CriterionField>().Where(f => !Core.Criteria.CriterionOperators.NeedsEvidence(f));
        Assert.That(asked.Select(f => f.ToString()), Is.EquivalentTo(new[] { "Tag", "UpdatedAt", "UpdatedAge" }));
    }

    private static PromotionObservation Observe(PromotionPolicy policy, IReadOnlyList<PromotionPolicy> all) => PromotionObservation.Of(
        policy,
        [],
        [],
        new RepositorySpec
        {
            Registry = "dtr",
            Name = "a/b",
            Immutability = new Immutability
            {
                Rules = [new ImmutabilityRule { Tags = ["v*"] }],
                Exceptions = [new ImmutabilityException { Tag = "v2", Reason = "r", Owner = "o", ExpiresAt = Now.AddSeconds(1) }, new ImmutabilityException { Tag = "v1", Reason = "r", Owner = "o", ExpiresAt = Now }],
            },
        },
        all,
        Now);

    private static PromotionPolicy Policy(string name, string to = "a/b", string registry = "dtr", DateTimeOffset? deleted = null) => new()
    {
        Metadata = new ObjectMeta { Name = name, DeletionTimestamp = deleted },
        Spec = new PromotionPolicySpec { Registry = registry, Source = new PromotionSource { Repository = "a/a" }, Target = new PromotionTarget { Repository = to } },
    };
}
