using System.Text.Json.Nodes;
using Portcullis.Core.Signing;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;

namespace Portcullis.Core.Tests.Signing;

/// <summary>
/// Each folder is one sentence about signing policies: what is declared and signed (<c>given.yaml</c>), what is decided of each image and why (<c>plan.txt</c>).
/// UPDATE_FIXTURES=1 rewrites the plans.
/// </summary>
internal sealed class SigningFixtureTests
{
    private static readonly FixtureFolder Examples = new("SigningPolicy");

    private static IEnumerable<string> Cases => Examples.Sentences;

    [TestCaseSource(nameof(Cases))]
    public void Decision_is_as_written(string sentence)
    {
        var given = SigningGiven.Read(Read(sentence));
        Examples.AssertIs(string.Concat(given.Images.SelectMany(i => Lines(given.Decide(i))).Select(l => $"{SigningGiven.Shortened(l)}\n")), sentence, "plan.txt");
    }

    [TestCaseSource(nameof(Cases))]
    public void The_order_of_what_was_read_does_not_matter(string sentence)
    {
        var (given, turned) = (Read(sentence), Read(sentence));
        foreach (var list in new[] { turned.Array("policies"), turned.Array("images") }.Concat((turned.Object("trust") ?? []).Select(t => ((JsonObject)t.Value!).Array("targets"))).OfType<JsonArray>())
        {
            var items = list.ToList();
            list.Clear();
            items.Reverse();
            items.ForEach(list.Add);
        }

        var (one, other) = (SigningGiven.Read(given), SigningGiven.Read(turned));
        Assert.That(one.Images.Select(i => one.Decide(i).Verdict), Is.EqualTo(one.Images.Select(i => other.Decide(i).Verdict)));
    }

    /// <summary>Whoever takes a signature away never makes an image run that did not run before.</summary>
    [TestCaseSource(nameof(Cases))]
    public void An_image_that_is_refused_is_not_allowed_without_one_of_its_teams_keys(string sentence)
    {
        var given = Read(sentence);
        var before = SigningGiven.Read(given);
        var without = (JsonObject)given.DeepClone();
        foreach (var (_, members) in without.Object("teams") ?? [])
        {
            foreach (var (_, keys) in (JsonObject)members!)
            {
                keys!.AsArray().Clear();
            }
        }

        var after = SigningGiven.Read(without);
        Assert.That(before.Images.Where(i => after.Decide(i).MayRun && !before.Decide(i).MayRun), Is.Empty);
    }

    private static JsonObject Read(string sentence) => (JsonObject)KubernetesYaml.Read(Examples.ReadBytes(sentence, "given.yaml")).Documents.Single().Root;

    private static IEnumerable<string> Lines(SigningDecision decision) =>
    [
        $"{decision.Image}: {decision.Mode}, {(decision.MayRun ? "may run" : "may not run")}{(decision.Pinned is { } digest ? $" as {digest}" : "")}",
        .. decision.Verdict.Problem is { } problem ? [$"  {decision.Verdict.GetType().Name}: {problem}"] : (string[])[],
        .. decision.Policies.Count == 0 ? [] : (string[])[$"  by {string.Join(", ", decision.Policies)}"],
        .. decision.ExistingBefore is { } time ? [$"  not asked of what was made before {KubernetesJson.Time(time)}"] : (string[])[],
        .. decision.Warnings.Select(w => $"  warning: {w}"),
        .. decision.Steps.Select(s => $"  {s.Outcome,-8}{s.Subject}: {s.Message}"),
    ];
}
