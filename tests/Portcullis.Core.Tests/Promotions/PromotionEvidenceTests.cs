using System.Text;
using Portcullis.Core.Criteria;
using Portcullis.Core.Promotions;
using Portcullis.Core.Repositories;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Promotions;

internal sealed class PromotionEvidenceTests
{
    private static readonly DateTimeOffset At = new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero).AddTicks(10);

    [Test]
    public void A_record_says_by_which_commit_it_was_decided_and_by_what()
    {
        var annotations = new Dictionary<string, string> { ["portcullis.dev/source-commit"] = "c0ffee", ["portcullis.dev/source-author"] = "Ann", ["portcullis.dev/source-path"] = "p.yaml:3" };
        var evidence = new ImageEvidence { Scan = new ScanEvidence { State = ScanState.Completed, DatabaseDate = At.AddDays(-1) } };
        Assert.That(Text(annotations, evidence), Is.EqualTo(
            """{"policy":"p","generation":3,"commit":"c0ffee","author":"Ann","path":"p.yaml:3","source":"a/a:1","target":"a/b:v1","digest":"sha256:1","time":"2026-03-02T12:00:00.000001Z","databaseDate":"2026-03-01T12:00:00Z","criteria":[{"criterion":"Tag Equals 1","outcome":"Met","evidence":"the tag is 1"}]}"""));
    }

    [Test]
    public void What_is_not_known_is_left_out() => Assert.That(Text(null, ImageEvidence.None), Is.EqualTo(
        """{"policy":"p","generation":3,"source":"a/a:1","target":"a/b:v1","digest":"sha256:1","time":"2026-03-02T12:00:00.000001Z","criteria":[{"criterion":"Tag Equals 1","outcome":"Met","evidence":"the tag is 1"}]}"""));

    private static string Text(Dictionary<string, string>? annotations, ImageEvidence evidence)
    {
        var policy = new PromotionPolicy
        {
            Metadata = new ObjectMeta { Name = "p", Annotations = annotations },
            Spec = new PromotionPolicySpec { Registry = "dtr", Source = new PromotionSource { Repository = "a/a" }, Target = new PromotionTarget { Repository = "a/b" } },
        };
        var criterion = new Criterion { Field = CriterionField.Tag, Operator = CriterionOperator.EqualTo, Values = ["1"] };
        var action = new PromotionAction.Promote(
            new RepositoryId("dtr", "a/a"),
            new TagEntry { Tag = "1", Digest = "sha256:1" },
            new TagPromotion { Policy = "p", Generation = 3, Digest = "sha256:1", TargetTag = "v1", At = At },
            new RepositoryId("dtr", "a/b"))
        {
            Criteria = new CriteriaVerdict([new CriterionVerdict(criterion, CriterionOutcome.Met, "the tag is 1")]),
        };
        return Encoding.UTF8.GetString(PromotionEvidence.Of(policy, action, evidence).ToBytes());
    }
}
