using Portcullis.Core.Criteria;
using Portcullis.Core.Promotions;
using Portcullis.Core.Repositories;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Promotions;

internal sealed class PromotionExplanationTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly RepositoryId Prod = new("dtr", "a/prod");

    [Test]
    public void The_chain_goes_back_to_the_push_that_began_it()
    {
        var explained = Explain(Entry("sha256:1", "a/live", "v1"), new()
        {
            ["a/live:v1"] = Entry("sha256:1", "a/web", "66"),
            ["a/web:66"] = new TagEntry { Tag = "66", Digest = "sha256:1", Author = "ci" },
        });
        Assert.That(explained.CameFrom.Select(s => $"{s.Repository}:{s.Tag} {s.Author} {s.Now}"), Is.EqualTo(new[] { "a/live:v1 ann ", "a/web:66 ci " }));
    }

    [Test]
    public void The_chain_ends_where_the_tag_names_another_image_or_is_gone()
    {
        var changed = Explain(Entry("sha256:1", "a/live", "v1"), new() { ["a/live:v1"] = Entry("sha256:2", "a/web", "66") });
        Assert.That(changed.CameFrom.Select(s => s.Now), Is.EqualTo(new[] { "the tag names sha256:2 by now" }));
        Assert.That(Explain(Entry("sha256:1", "a/live", "v1"), []).CameFrom.Select(s => s.Now), Is.EqualTo(new[] { "the tag is no longer there" }));
    }

    [Test]
    public void A_chain_that_leads_back_to_itself_ends()
    {
        var explained = Explain(Entry("sha256:1", "a/prod", "v1"), new() { ["a/prod:v1"] = Entry("sha256:1", "a/prod", "v1") });
        Assert.That(explained.CameFrom, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_policy_that_found_the_image_under_the_tag_is_named_too()
    {
        var policy = Observation(new TagEntry { Tag = "v1" }, "Tag", CriterionOperator.EqualTo, "v1").Policy;
        var recorded = new TagPromotion { Policy = "p", Generation = 1, Digest = "sha256:1", TargetTag = "v1", At = Now, Done = true };
        TagEntry Source(string tag, TagPromotion promotion) => new() { Tag = tag, Digest = "sha256:1", Promotions = [promotion] };
        var sources = new[]
        {
            Source("66", recorded), Source("67", recorded with { Done = null }), Source("68", recorded with { TargetTag = "v2" }), Source("69", recorded with { Policy = "q" }),
            Source("70", recorded) with { Digest = "sha256:2" },
        };

        IReadOnlyList<PromotionStep> Steps(TagEntry entry) => PromotionExplanation.FoundThereBy(entry, [(policy, sources)]);
        Assert.That(Steps(Entry("sha256:1", "a/live", "v1")).Select(s => $"{s.Policy} {s.Repository}:{s.Tag}"), Is.EqualTo(new[] { "p a/prod:66" }));
        Assert.That(Steps(Entry("sha256:1", "a/prod", "66")), Is.Empty, "the promotion that wrote it is in the chain");
    }

    [Test]
    public void What_is_promoted_is_shown_with_its_criteria_as_of_the_promotion()
    {
        var entry = new TagEntry
        {
            Tag = "v1",
            Digest = "sha256:1",
            PushedAt = Now.AddHours(-3),
            Promotions = [new TagPromotion { Policy = "p", Generation = 1, Digest = "sha256:1", TargetTag = "v1", At = Now.AddHours(-2), Done = true }],
        };
        var explained = PromotionExplanation.Of(Prod, entry, _ => null, [Observation(entry, "UpdatedAge", CriterionOperator.After, "2h")], Now);
        Assert.That(explained.Policies.Single().Decision, Is.EqualTo(PromotionDecision.Promoted));
        Assert.That(explained.Policies.Single().Reason, Is.Null);
        Assert.That(explained.Policies.Single().Criteria.Single().Outcome, Is.EqualTo(CriterionOutcome.Met));
        Assert.That(explained.IsHeldUp, Is.False);
    }

    [Test]
    public void A_policy_that_cannot_work_says_why_and_holds_it_up()
    {
        var entry = new TagEntry { Tag = "v1", Digest = "sha256:1", PushedAt = Now };
        var broken = Observation(entry, "Tag", CriterionOperator.EqualTo, "v1") with { Problems = [new Problem("RepositoryMissing", "spec.target.repository", "no Repository declares a/x")] };
        var explained = PromotionExplanation.Of(Prod, entry, _ => null, [broken], Now);
        Assert.That(explained.Policies.Single().Reason, Is.EqualTo("spec.target.repository: no Repository declares a/x"));
        Assert.That(explained.IsHeldUp, Is.True);
    }

    [Test]
    public void Policies_are_in_the_order_of_their_names_and_each_decides_about_this_tag()
    {
        var entry = new TagEntry { Tag = "v1", Digest = "sha256:1", PushedAt = Now };
        var older = new TagEntry { Tag = "v0", Digest = "sha256:0", PushedAt = Now.AddHours(-1) };
        var newer = new TagEntry { Tag = "v2", Digest = "sha256:2", PushedAt = Now.AddHours(1) };
        var seen = Observation(entry, "Tag", CriterionOperator.StartsWith, "v") with { Source = [older, entry, newer] };
        PromotionObservation Named(string name, string template) => seen with
        {
            Policy = seen.Policy with
            {
                Metadata = seen.Policy.Metadata with { Name = name },
                Spec = seen.Policy.Spec with { Target = new PromotionTarget { Repository = "a/x", TagTemplate = template } },
            },
        };
        var held = Observation(entry, "Tag", CriterionOperator.EqualTo, "x") with { Source = [older, entry, newer] };
        var explained = PromotionExplanation.Of(Prod, entry, _ => null, [Named("c", "latest"), Named("a", "%n"), Named("b", "x%n")], Now);
        Assert.That(explained.Policies.Select(p => $"{p.Policy} {p.Decision} {p.TargetTag}"), Is.EqualTo(new[] { "a Promotes v1", "b Promotes xv1", "c Superseded latest" }));
        Assert.That(explained.IsHeldUp, Is.False);
        Assert.That(PromotionExplanation.Of(Prod, entry, _ => null, [Named("a", "%n"), held], Now).IsHeldUp, Is.True);
    }

    [Test]
    public void What_a_policy_does_not_look_at_it_does_not_hold_up()
    {
        var entry = new TagEntry { Tag = "v1", PushedAt = Now };
        var explained = PromotionExplanation.Of(Prod, entry, _ => null, [Observation(entry, "Tag", CriterionOperator.EqualTo, "v1")], Now);
        Assert.That((explained.Policies.Single().Decision, explained.IsHeldUp), Is.EqualTo((PromotionDecision.Skipped, false)));
    }

    private static PromotionExplanation Explain(TagEntry entry, Dictionary<string, TagEntry> others) =>
        PromotionExplanation.Of(Prod, entry, from => others.GetValueOrDefault($"{from.Repository}:{from.Tag}"), [], Now);

    private static TagEntry Entry(string digest, string from, string tag) =>
        new() { Tag = "v1", Digest = digest, Author = "ann", PromotedFrom = new PromotionOrigin { Policy = "p", Repository = from, Tag = tag } };

    private static PromotionObservation Observation(TagEntry entry, string field, CriterionOperator one, string value) => new(new PromotionPolicy
    {
        Metadata = new ObjectMeta { Name = "p", Generation = 1 },
        Spec = new PromotionPolicySpec
        {
            Registry = "dtr",
            Source = new PromotionSource { Repository = "a/prod" },
            Target = new PromotionTarget { Repository = "a/x" },
            Criteria = [new Criterion { Field = Enum.Parse<CriterionField>(field), Operator = one, Values = [value] }],
        },
    })
    {
        Source = [entry],
    };
}
