using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Core.Repositories;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;

namespace Portcullis.Core.Tests.Repositories;

/// <summary>
/// What is done so that a ledger is true: <c>Fixtures/Ledger/SENTENCE/given.yaml</c> (now, the ledger's entries, the registry's tags or none), and <c>plan.txt</c>.
/// UPDATE_FIXTURES=1 writes the plans anew.
/// </summary>
internal sealed class LedgerFixtureTests
{
    private static readonly FixtureFolder Examples = new("Ledger");

    private static IEnumerable<string> Cases => Examples.Sentences;

    [TestCaseSource(nameof(Cases))]
    public void Plans_what_is_written(string sentence)
    {
        var seen = Read(sentence);
        var lines = LedgerPlanner.Plan(seen).Select(a => a.Describe()).Append($"next look: {LedgerPlanner.NextLook(seen)?.ToString() ?? "none"}");
        Examples.AssertIs(string.Concat(lines.Select(l => l + "\n")), sentence, "plan.txt");
    }

    [TestCaseSource(nameof(Cases))]
    public void Plans_nothing_once_it_is_done(string sentence)
    {
        var seen = Read(sentence);
        var entries = seen.Entries;
        foreach (var action in LedgerPlanner.Plan(seen))
        {
            entries = action switch
            {
                LedgerAction.Enter enter => TagEntries.With(entries, enter.Tag, TagEntries.Found(enter.Before, enter.Tag, enter.Found.Digest, enter.Found.MediaType, seen.Now)),
                LedgerAction.Forget forget => TagEntries.With(entries, forget.Tag, null),
                LedgerAction.Finish finish => TagEntries.With(entries, finish.Tag, TagEntries.Finished(TagEntries.Find(entries, finish.Tag)!)),
                _ => entries,
            };
        }

        // What was finished or written again is in the registry by then; what this example's registry says of these tags is from before.
        var finished = LedgerPlanner.Plan(seen).Where(a => a is LedgerAction.Finish or LedgerAction.Rewrite).Select(f => f.Tag).ToHashSet(StringComparer.Ordinal);
        Assert.That(LedgerPlanner.Plan(seen with { Entries = entries }).Where(a => !finished.Contains(a.Tag)).Select(a => a.Describe()), Is.Empty);
    }

    private static LedgerObservation Read(string sentence)
    {
        var given = (JsonObject)KubernetesYaml.Read(Examples.ReadBytes(sentence, "given.yaml")).Documents.Single().Root!;
        var entries = (given.Array("ledger") ?? []).Select(e => e.Deserialize(RepositoriesJsonContext.Default.TagEntry)!).OrderBy(e => e.Tag, StringComparer.Ordinal);
        return new LedgerObservation([.. entries], DateTimeOffset.Parse(given.String("now")!, System.Globalization.CultureInfo.InvariantCulture))
        {
            Tags = given.Object("registry")?.ToDictionary(t => t.Key, t => t.Value is null ? null : new FoundTag(t.Value.GetValue<string>(), null), StringComparer.Ordinal),
        };
    }
}
