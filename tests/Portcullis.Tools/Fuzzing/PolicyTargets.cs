using Portcullis.Core.Criteria;
using Portcullis.Core.Promotions;
using Portcullis.Core.Registries;

namespace Portcullis.Tools.Fuzzing;

/// <summary>What is written in promotion policies: templates of tags, schedules, criteria.</summary>
internal static class PolicyTargets
{
    private static readonly DateTimeOffset Now = new(2026, 3, 7, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A template, and the tag of the source.</summary>
    public static void TagTemplates(byte[] input)
    {
        var parts = FuzzTargets.Parts(input, 2);
        var isRight = TagTemplate.ProblemOf(parts[0]) is null;
        var tag = TagTemplate.Render(parts[0], parts[1], Now);
        FuzzTargets.Expect(tag == TagTemplate.Render(parts[0], parts[1], Now), "rendered twice in two ways");
        FuzzTargets.Expect(!isRight || !TagTemplate.IsFixed(parts[0]) || TagName.IsLegal(tag), "a fixed template without a problem gives no legal tag");
        FuzzTargets.Expect(!TagTemplate.IsFixed(parts[0]) || !TagTemplate.HasTime(parts[0]), "a fixed template has the time in it");
    }

    /// <summary>A cron expression, a duration and a time zone.</summary>
    public static void FreezeWindow(byte[] input)
    {
        var parts = FuzzTargets.Parts(input, 3);
        var window = new FreezeWindow { Name = "x", Schedule = parts[0], Duration = parts[1], TimeZone = parts[2].Length == 0 ? null : parts[2] };
        var isRight = !FreezeWindows.Check([window], "w").Any();
        var open = FreezeWindows.OpenAt([window], Now);
        FuzzTargets.Expect(!isRight || open is null || open.Until > Now, "a window is open that has ended");
        FuzzTargets.Expect(isRight || open is null or { Until: null } || FreezeWindows.Check([window], "w").All(p => p.Message.EndsWith("never occurs", StringComparison.Ordinal)), "a window that cannot be read is open until a time");
    }

    /// <summary>A field and an operator by their numbers, and a value.</summary>
    public static void Criterion(byte[] input)
    {
        var parts = FuzzTargets.Parts(input, 3);
        var criterion = new Criterion
        {
            Field = (CriterionField)(parts[0].Length % Enum.GetValues<CriterionField>().Length),
            Operator = (CriterionOperator)(parts[1].Length % Enum.GetValues<CriterionOperator>().Length),
            Values = parts[2].Split('\n'),
        };
        var facts = new ImageFacts { Tag = "v1.2", Digest = "sha256:1", UpdatedAt = Now.AddDays(-1), Evidence = new ImageEvidence { Scan = new ScanEvidence { State = ScanState.Completed, Components = [new ImageComponent("zlib", [])] } } };
        var verdict = CriteriaEvaluation.Of([criterion], facts, Now).Criteria.Single();
        FuzzTargets.Expect(verdict.Outcome == CriterionOutcome.Unknown || !CriteriaCheck.Of([criterion], "c").Any(), "a criterion that validation refuses has an outcome");
        FuzzTargets.Expect(verdict.NextChange is null || verdict.NextChange > Now, "time changes it in the past");
    }
}
