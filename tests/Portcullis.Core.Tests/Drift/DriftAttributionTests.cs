using System.Text.Json.Nodes;
using Portcullis.Core.Drift;

namespace Portcullis.Core.Tests.Drift;

internal sealed class DriftAttributionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 10, 2, 11, TimeSpan.Zero);

    [Test]
    public void Names_the_user_that_the_webhook_saw() =>
        Assert.That(
            DriftAttribution.Of(Changed(("kubectl-edit", Now)), new EditRecord("ann", "UPDATE", Now)).ToString(),
            Is.EqualTo("by user ann"));

    [Test]
    public void Names_the_field_manager_and_time_when_nobody_saw_the_request() =>
        Assert.That(
            DriftAttribution.Of(Changed(("portcullis-grants", Now.AddHours(1)), ("kubectl-edit", Now)), null).ToString(),
            Is.EqualTo("by field manager kubectl-edit at 2026-11-22T10:02:11Z"));

    [Test]
    public void Does_not_blame_the_user_of_an_older_edit() =>
        Assert.That(
            DriftAttribution.Of(Changed(("argocd", Now)), new EditRecord("ann", "UPDATE", Now.AddMinutes(-5))).ToString(),
            Is.EqualTo("by field manager argocd at 2026-11-22T10:02:11Z"));

    [Test]
    public void A_vanished_object_is_blamed_only_on_a_seen_delete()
    {
        Assert.That(DriftAttribution.Of(null, new EditRecord("ann", "DELETE", Now)).ToString(), Is.EqualTo("by user ann"));
        Assert.That(DriftAttribution.Of(null, new EditRecord("ann", "UPDATE", Now)).ToString(), Is.EqualTo("by unknown"));
        Assert.That(DriftAttribution.Of(null, null).ToString(), Is.EqualTo("by unknown"));
    }

    [Test]
    public void Writers_of_status_are_not_suspects() =>
        Assert.That(
            DriftAttribution.Of(Changed(("kubelet", Now, "status"), ("portcullis-hardening", Now, "")), null).ToString(),
            Is.EqualTo("by unknown"));

    [Test]
    public void Of_several_managers_the_one_counts_that_holds_what_is_wanted_or_unwanted()
    {
        var space = Owned(("portcullis-collections", 0, "f:tier"), ("kubectl-edit", 1, "f:depth"), ("kubectl-label", 2, "f:mood"));
        var wanted = JsonNode.Parse("""{"metadata":{"name":"shop","labels":{"depth":"1","tier":"a"}}}""")!.AsObject();
        var other = JsonNode.Parse("""{"metadata":{"labels":{"tier":"a"}},"spec":{"depth":1}}""")!.AsObject();
        Assert.Multiple(() =>
        {
            Assert.That(DriftAttribution.Of(space, null, wanted).ToString(), Is.EqualTo("by field manager kubectl-edit at 2026-11-22T11:02:11Z"));
            Assert.That(DriftAttribution.Of(space, null, other, ["mood"]).ToString(), Is.EqualTo("by field manager kubectl-label at 2026-11-22T12:02:11Z"));
            Assert.That(DriftAttribution.IsVisible(space, wanted, null));
            Assert.That(DriftAttribution.IsVisible(space, other, ["mood"]));
            Assert.That(DriftAttribution.IsVisible(space, other, null), Is.False, "nothing of it is anybody else's");
            Assert.That(DriftAttribution.IsVisible(Owned(("kubectl-edit", 1, "f:depth")), wanted, null), Is.False, "we never wrote it");
        });
    }

    [Test]
    public void Of_several_managers_the_newest_counts()
    {
        Assert.That(
            DriftAttribution.Of(Changed(("argocd", Now), ("kubectl-edit", Now.AddHours(1)), ("helm", Now.AddMinutes(30))), null).ToString(),
            Is.EqualTo("by field manager kubectl-edit at 2026-11-22T11:02:11Z"));
        var space = Owned(("kubectl-edit", 1, "f:depth"), ("kubectl-label", 2, "f:depth"), ("helm", 3, "f:mood"));
        var wanted = JsonNode.Parse("""{"metadata":{"labels":{"depth":"1"}}}""")!.AsObject();
        Assert.That(DriftAttribution.Of(space, null, wanted).ToString(), Is.EqualTo("by field manager kubectl-label at 2026-11-22T12:02:11Z"));
    }

    [Test]
    public void An_edit_that_was_before_our_last_write_is_not_to_blame()
    {
        var ours = Changed(("portcullis-grants", Now), ("portcullis-roles", Now.AddHours(-1)));
        Assert.That(DriftAttribution.Of(ours, new EditRecord("ann", "UPDATE", Now.AddMinutes(-30))).ToString(), Is.EqualTo("by unknown"));
    }

    /// <summary>managedFields has whole seconds, and two machines have two clocks.</summary>
    [TestCase(-3, "by user ann")]
    [TestCase(-4, "by field manager argocd at 2026-11-22T10:02:11Z")]
    public void An_edit_counts_up_to_three_seconds_before_the_newest_entry(int seconds, string expected) =>
        Assert.That(DriftAttribution.Of(Changed(("argocd", Now)), new EditRecord("ann", "UPDATE", Now.AddSeconds(seconds))).ToString(), Is.EqualTo(expected));

    // What is wanted, and the fields of the other manager.
    [TestCase("""{"spec":{"selector":{}}}""", """{"f:spec":{"f:selector":{"f:app":{}}}}""", true)]
    [TestCase("""{"spec":{"selector":{"app":"a"}}}""", """{"f:spec":{"f:selector":{}}}""", true)]
    [TestCase("""{"spec":{"selector":{"app":"a"}}}""", """{"f:spec":{"f:selector":{"f:tier":{}}}}""", false)]
    [TestCase("""{"spec":{"paused":true}}""", """{"f:spec":{"f:paused":{}}}""", true)]
    public void A_manager_holds_what_is_wanted_when_it_holds_the_field_or_all_of_the_object_around_it(string wanted, string fields, bool holds)
    {
        var observed = Changed(("portcullis-grants", Now), ("kubectl-edit", Now));
        observed["metadata"]!["managedFields"]![1]!["fieldsV1"] = JsonNode.Parse(fields);
        Assert.That(DriftAttribution.IsVisible(observed, JsonNode.Parse(wanted)!.AsObject(), null), Is.EqualTo(holds));
    }

    [Test]
    public void An_object_without_a_record_of_its_managers_blames_nobody()
    {
        Assert.That(DriftAttribution.Of([], null, new JsonObject { ["spec"] = 1 }).ToString(), Is.EqualTo("by unknown"));
        Assert.That(DriftAttribution.Of(Changed(("argocd", Now)), null, new JsonObject { ["spec"] = 1 }).ToString(), Does.StartWith("by field manager argocd"));
        var main = Changed(("argocd", Now));
        main["metadata"]!["managedFields"]![0]!["subresource"] = "";
        Assert.That(DriftAttribution.Of(main, null).ToString(), Does.StartWith("by field manager argocd"));
    }

    private static JsonObject Owned(params (string Manager, int Hours, string Label)[] entries)
    {
        var value = Changed(entries.Select(e => (e.Manager, Now.AddHours(e.Hours))).ToArray());
        foreach (var (entry, index) in entries.Select((e, i) => (e, i)))
        {
            value["metadata"]!["managedFields"]![index]!["fieldsV1"] =
                new JsonObject { ["f:metadata"] = new JsonObject { ["f:labels"] = new JsonObject { ["."] = new JsonObject(), [entry.Label] = new JsonObject() } } };
        }

        return value;
    }

    private static JsonObject Changed(params (string Manager, DateTimeOffset Time)[] entries) =>
        Changed(entries.Select(e => (e.Manager, e.Time, "")).ToArray());

    private static JsonObject Changed(params (string Manager, DateTimeOffset Time, string Subresource)[] entries)
    {
        var fields = new JsonArray();
        foreach (var (manager, time, subresource) in entries)
        {
            var entry = new JsonObject { ["manager"] = manager, ["time"] = time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ") };
            if (subresource.Length > 0)
            {
                entry["subresource"] = subresource;
            }

            fields.Add((JsonNode)entry);
        }

        return new JsonObject { ["metadata"] = new JsonObject { ["managedFields"] = fields } };
    }
}
