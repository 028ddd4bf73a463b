using Portcullis.Core.Criteria;
using Portcullis.Core.Promotions;

namespace Portcullis.Core.Tests.Promotions;

/// <summary>Whether what one policy writes could be promoted by the next one: <c>template; criteria</c>, and the next one's criteria.</summary>
internal sealed class PossibleTagsTests
{
    [TestCase("latest", "Tag EqualTo latest", true)]
    [TestCase("latest", "Tag EqualTo 1", false)]
    [TestCase("latest", "Tag StartsWith l; Tag EndsWith x", false)]
    [TestCase("%n", "Tag EqualTo 1", true)]
    [TestCase("v%n", "Tag EqualTo v1", true)]
    [TestCase("v%n", "Tag EqualTo 1", false)]
    [TestCase("v%n", "Tag OneOf 1 v1", true)]
    [TestCase("v%n-rc", "Tag EqualTo v1-rc", true)]
    [TestCase("v%n-rc", "Tag EqualTo v1-xx", false)]
    [TestCase("v%n-rc", "Tag EqualTo x1-rc", false)]
    [TestCase("v%n", "Tag StartsWith v1.", true)]
    [TestCase("v1.%n", "Tag StartsWith v", true)]
    [TestCase("v%n", "Tag StartsWith x", false)]
    [TestCase("v%n", "Tag StartsWith v", true)]
    [TestCase("%n-rc", "Tag EndsWith 1-rc", true)]
    [TestCase("%n-1-rc", "Tag EndsWith rc", true)]
    [TestCase("%n-rc", "Tag EndsWith rx", false)]
    [TestCase("%n-a%n-b", "Tag EndsWith -a", false)]
    [TestCase("%n", "Tag Matches ^x$", true, Description = "a pattern could match anything")]
    [TestCase("%n", "Tag NotEqualTo 1", true)]
    [TestCase("v%n", "Package EqualTo v", true, Description = "no criterion on the tag")]
    [TestCase("v%n", "Tag StartsWith x; Tag GreaterThan 1", false, Description = "what cannot be read decides nothing")]
    [TestCase("v%n", "Tag GreaterThan 1", true)]
    public void A_template_says_what_its_tags_look_like(string template, string next, bool could) =>
        Assert.That(PossibleTags.Of(Spec(template, "")).CouldBePromotedBy(Spec("%n", next)), Is.EqualTo(could));

    [TestCase("%n", "Tag EqualTo 1", "Tag EqualTo 1", true)]
    [TestCase("%n", "Tag EqualTo 1", "Tag EqualTo 2", false)]
    [TestCase("%n", "Tag OneOf 1 2", "Tag EqualTo 2", true)]
    [TestCase("%n", "Tag OneOf 1 2; Tag NotEqualTo 2", "Tag EqualTo 2", false, Description = "2 is not promoted at all")]
    [TestCase("v%n", "Tag OneOf 1 2", "Tag Matches ^v2$", true)]
    [TestCase("v%n", "Tag OneOf 1 2", "Tag Matches ^v3$", false)]
    [TestCase("%n-%Y", "Tag EqualTo 1", "Tag EqualTo 1-2030", true, Description = "the year may be any")]
    [TestCase("%n-%Y", "Tag EqualTo 1", "Tag EndsWith -1970", true)]
    [TestCase("%n", "Tag StartsWith rc-", "Tag StartsWith v", false)]
    [TestCase("%n", "Tag StartsWith rc-", "Tag StartsWith r", true)]
    [TestCase("a%n", "Tag StartsWith rc-", "Tag StartsWith ax", false)]
    [TestCase("%Y%n", "Tag StartsWith rc-", "Tag StartsWith v", true)]
    [TestCase("%n", "Tag StartsWith r; Tag StartsWith rc-", "Tag StartsWith rx", false, Description = "the longer one says more")]
    [TestCase("%n", "Tag EndsWith -rc", "Tag EndsWith -x", false)]
    [TestCase("%n%Y", "Tag EndsWith -rc", "Tag EndsWith -x", true)]
    [TestCase("%n", "Package EqualTo rc-; Package StartsWith rc-", "Tag StartsWith v", true, Description = "of packages, not of tags")]
    public void Criteria_on_the_source_tag_say_what_it_looks_like(string template, string criteria, string next, bool could) =>
        Assert.That(PossibleTags.Of(Spec(template, criteria)).CouldBePromotedBy(Spec("%n", next)), Is.EqualTo(could));

    private static PromotionPolicySpec Spec(string template, string criteria) => new()
    {
        Registry = "dtr",
        Source = new PromotionSource { Repository = "a/a" },
        Target = new PromotionTarget { Repository = "a/b", TagTemplate = template },
        Criteria = criteria.Length == 0 ? null : [.. criteria.Split("; ").Select(Parse)],
    };

    private static Criterion Parse(string text)
    {
        var words = text.Split(' ');
        return new Criterion { Field = Enum.Parse<CriterionField>(words[0]), Operator = Enum.Parse<CriterionOperator>(words[1]), Values = words[2..] };
    }
}
