using Portcullis.Core.Promotions;
using Portcullis.Core.Registries;
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

    [Test]
    public void A_policy_cannot_work_without_what_it_names_or_while_that_is_suspended()
    {
        var spec = Policy("mine").Spec;
        var registry = new Registry { Metadata = new ObjectMeta { Name = "dtr" }, Spec = new RegistrySpec { Host = "h", Upstream = new RegistryUpstream() } };
        var (source, target) = (Repository("source"), Repository("target"));
        Assert.That(PromotionProblems.Of(spec, registry, source, target), Is.Empty);
        Assert.That(Messages(PromotionProblems.Of(spec, null, null, null)), Is.EqualTo(new[]
        {
            "spec.registry: there is no Registry dtr", "spec.source.repository: no Repository declares a/a", "spec.target.repository: no Repository declares a/b",
        }));
        Assert.That(
            Messages(PromotionProblems.Of(
                spec, registry with { Spec = registry.Spec with { Suspend = true } }, source with { Spec = source.Spec with { Suspend = true } }, target with { Spec = target.Spec with { Suspend = true } })),
            Is.EqualTo(new[]
            {
                "spec.registry: the Registry dtr is suspended: nothing is promoted", "spec.source.repository: the Repository source is suspended: nothing is promoted",
                "spec.target.repository: the Repository target is suspended: nothing is promoted",
            }));
    }

    private static IEnumerable<string> Messages(IReadOnlyList<Problem> problems) => problems.Select(p => p.ToString());

    private static Repository Repository(string name) => new() { Metadata = new ObjectMeta { Name = name }, Spec = new RepositorySpec { Registry = "dtr", Name = "a/" + name } };

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
