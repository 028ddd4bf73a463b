using Portcullis.Core.Kinds;

namespace Portcullis.Core.Tests.Kinds;

/// <summary>Whoever may commit may choose a file's name, and it is shown in terminals and logs.</summary>
internal sealed class SourcePositionTests
{
    [TestCase("access/grants.yaml", "access/grants.yaml:7")]
    [TestCase("ärger/größe.yaml", "ärger/größe.yaml:7")]
    [TestCase("a\nb.yaml", "a\\nb.yaml:7")]
    [TestCase("a\tb.yaml", "a\\tb.yaml:7")]
    [TestCase("a\u001bb.yaml", "a\\u001bb.yaml:7")]
    [TestCase("a\u2028b.yaml", "a\\u2028b.yaml:7")]
    [TestCase("a\u2029b.yaml", "a\\u2029b.yaml:7")]
    [TestCase("a\u202eb.yaml", "a\\u202eb.yaml:7")]
    [TestCase("a\u202ab.yaml", "a\\u202ab.yaml:7")]
    [TestCase("a\u2066b.yaml", "a\\u2066b.yaml:7")]
    [TestCase("a\u2069b.yaml", "a\\u2069b.yaml:7")]
    public void A_name_can_neither_break_nor_turn_around_the_line_it_is_shown_in(string file, string shown) =>
        Assert.That(new SourcePosition(file, 7).ToString(), Is.EqualTo(shown));
}
