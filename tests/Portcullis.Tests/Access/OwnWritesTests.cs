using System.Text.Json.Nodes;
using Portcullis.Grants;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects;

namespace Portcullis.Tests.Access;

/// <summary>A write of ours, its answer, its echo on the watch, and somebody else's writes, in every order in which they can come.</summary>
internal sealed class OwnWritesTests
{
    private static readonly ObjectKey Key = new("team", "viewers");
    private readonly OwnWrites _own = new();

    [Test]
    public void An_echo_after_the_answer_is_nobodys_business()
    {
        using var write = _own.Begin(Key, null);
        Assert.That(write.Answered(Binding("2")), Is.True);
        Assert.That(Shown(), Is.EqualTo("2"), "the store does not show it yet");
        Assert.That(_own.IsEcho(Change("2")), Is.True);
        Assert.That(_own.IsEcho(Change("2")), Is.False, "an echo comes once");
    }

    [Test]
    public void An_echo_before_the_answer_is_nobodys_business()
    {
        using var write = _own.Begin(Key, null);
        Assert.That(_own.IsEcho(Change("2")), Is.True);
        Assert.That(write.Answered(Binding("2")), Is.True);
        Assert.That(Shown(Binding("2")), Is.EqualTo("2"));
    }

    [Test]
    public void The_echo_of_a_deletion_may_come_before_or_after_its_answer()
    {
        using (var write = _own.Begin(Key, "2"))
        {
            Assert.That(_own.IsEcho(Change(null)), Is.True);
            Assert.That(write.Answered(null), Is.True);
        }

        using (var write = _own.Begin(Key, "2"))
        {
            Assert.That(write.Answered(null), Is.True);
            Assert.That(Shown(Binding("2")), Is.Null, "the store shows it still");
            Assert.That(_own.IsEcho(Change(null)), Is.True);
        }
    }

    [Test]
    public void What_somebody_else_did_before_the_answer_must_be_looked_at()
    {
        using var write = _own.Begin(Key, "1");
        _own.IsEcho(Change("2"));
        Assert.That(write.Answered(Binding("3")), Is.False);
        Assert.That(_own.IsEcho(Change("3")), Is.False);
    }

    [Test]
    public void A_binding_made_and_deleted_again_before_the_answer_must_be_looked_at()
    {
        using var write = _own.Begin(Key, null);
        _own.IsEcho(Change("2"));
        _own.IsEcho(Change(null));
        Assert.That(write.Answered(Binding("2")), Is.False);
        Assert.That(Shown(), Is.Null);
    }

    [Test]
    public void What_somebody_else_did_after_the_answer_is_no_echo()
    {
        using var write = _own.Begin(Key, "1");
        write.Answered(Binding("2"));
        Assert.That(_own.IsEcho(Change("3")), Is.False);
        Assert.That(Shown(Binding("3")), Is.EqualTo("3"));
    }

    [Test]
    public void Of_a_write_without_an_answer_nothing_is_known()
    {
        using (_own.Begin(Key, "1"))
        {
        }

        Assert.That(_own.IsEcho(Change("2")), Is.False);
        Assert.That(Shown(Binding("1")), Is.EqualTo("1"));
    }

    [Test]
    public void A_list_that_shows_nothing_of_what_was_written_before_it_is_believed()
    {
        using (var write = _own.Begin(Key, null))
        {
            Assert.That(write.Answered(Binding("2")), Is.True);
        }

        Assert.That(_own.Doubt(), Is.EqualTo(new[] { Key.Namespace }), "somebody may have deleted it before the list");
        Assert.That(Shown(), Is.Null);
        Assert.That(_own.Doubt(), Is.Empty);
    }

    [Test]
    public void A_write_during_which_everything_was_listed_anew_is_looked_at_again()
    {
        using var write = _own.Begin(Key, null);
        _own.Doubt();
        Assert.That(write.Answered(Binding("2")), Is.False);
        Assert.That(Shown(), Is.Null);
    }

    [TestCase("apply delete")]
    [TestCase("apply delete apply")]
    [TestCase("apply apply delete apply")]
    [TestCase("delete apply delete")]
    public void Once_the_watch_has_caught_up_nothing_but_the_store_counts_however_answers_and_echoes_came(string writes)
    {
        var orders = 0;
        foreach (var order in Orders(writes.Split(' ')))
        {
            orders++;
            var own = new OwnWrites();
            var store = writes.StartsWith("delete", StringComparison.Ordinal) ? "1" : null;
            OwnWrites.Write? underWay = null;
            foreach (var (what, version) in order)
            {
                switch (what)
                {
                    case Step.Begin:
                        underWay = own.Begin(Key, store);
                        break;
                    case Step.Answer:
                        underWay!.Answered(version is null ? null : Binding(version));
                        underWay.Dispose();
                        break;
                    default:
                        store = version;
                        own.IsEcho(Change(version));
                        break;
                }
            }

            Assert.That(Shown(own, store is null ? null : Binding(store)), Is.EqualTo(store), string.Join(", ", order));
        }

        Assert.That(orders, Is.GreaterThan(4));
    }

    private enum Step
    {
        Begin,
        Answer,
        Echo,
    }

    /// <summary>One write after the other, each answered before the next; the echoes in their order, each some time after its write began.</summary>
    private static IEnumerable<List<(Step What, string? Version)>> Orders(string[] writes)
    {
        var own = writes.SelectMany((w, i) => new[] { (Step.Begin, (string?)null), (Step.Answer, VersionOf(w, i)) }).ToList();
        var echoes = writes.Select((w, i) => (Step.Echo, VersionOf(w, i))).ToList();
        return Merge(own, echoes, begun: 0);

        static string? VersionOf(string write, int index) => write == "delete" ? null : $"{index + 2}";
    }

    private static IEnumerable<List<(Step What, string? Version)>> Merge(List<(Step, string?)> own, List<(Step, string?)> echoes, int begun)
    {
        if (own.Count == 0 && echoes.Count == 0)
        {
            yield return [];
        }

        if (own.Count > 0)
        {
            foreach (var rest in Merge(own[1..], echoes, begun + (own[0].Item1 == Step.Begin ? 1 : 0)))
            {
                yield return [own[0], .. rest];
            }
        }

        if (echoes.Count > 0 && begun > 0)
        {
            foreach (var rest in Merge(own, echoes[1..], begun - 1))
            {
                yield return [echoes[0], .. rest];
            }
        }
    }

    private string? Shown(JsonObject? store = null) => Shown(_own, store);

    /// <summary>The version seen in the namespace when the store shows this binding.</summary>
    private static string? Shown(OwnWrites own, JsonObject? store)
    {
        var shown = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        if (store is not null)
        {
            shown[Key.Name] = store;
        }

        own.Overlay(Key.Namespace, shown);
        return shown.GetValueOrDefault(Key.Name)?["metadata"]!["resourceVersion"]!.GetValue<string>();
    }

    private static Change<JsonObject> Change(string? version) =>
        new(Key, version, () => null, () => version is null ? null : Binding(version), initial: false);

    private static JsonObject Binding(string version) => new() { ["metadata"] = new JsonObject { ["name"] = Key.Name, ["resourceVersion"] = version } };
}
