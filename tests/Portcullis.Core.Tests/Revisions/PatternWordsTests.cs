using System.Text.Json.Nodes;
using Portcullis.Core.Revisions;
using Portcullis.Schemas.Crds;
using Portcullis.Testing;

namespace Portcullis.Core.Tests.Revisions;

internal sealed class PatternWordsTests
{
    [Test]
    public void Every_pattern_of_our_kinds_is_said_in_words_with_an_example()
    {
        var patterns = CoreKinds.All.All.SelectMany(k => Patterns(CrdWriter.Crd(k.Resource, k.Options, k.Type))).Distinct().ToList();
        Assert.That(patterns, Has.Count.GreaterThan(5));
        Assert.That(patterns.Except(PatternWords.All.Keys), Is.Empty);
        Assert.That(PatternWords.All.Keys.Except(patterns), Is.Empty, "no field has these any more");
    }

    private static IEnumerable<string> Patterns(JsonNode? node) => node switch
    {
        JsonObject one => one.SelectMany(m => m is { Key: "pattern", Value: JsonValue text } ? [text.GetValue<string>()] : Patterns(m.Value)),
        JsonArray items => items.SelectMany(Patterns),
        _ => [],
    };
}
