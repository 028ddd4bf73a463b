using System.Text.Json.Nodes;
using Portcullis.Core.Drift;

namespace Portcullis.Core.Tests.Drift;

internal sealed class DriftAttributionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 10, 2, 11, TimeSpan.Zero);

    [Test]
    public void Names_the_user_that_the_webhook_saw() =>
        Assert.That(
            DriftAttribution.Describe(Changed(("kubectl-edit", Now)), new EditRecord("ann", "UPDATE", Now)),
            Is.EqualTo("by user ann"));

    [Test]
    public void Names_the_field_manager_and_time_when_nobody_saw_the_request() =>
        Assert.That(
            DriftAttribution.Describe(Changed(("portcullis-grants", Now.AddHours(1)), ("kubectl-edit", Now)), null),
            Is.EqualTo("by field manager kubectl-edit at 2026-11-22T10:02:11Z"));

    [Test]
    public void Does_not_blame_the_user_of_an_older_edit() =>
        Assert.That(
            DriftAttribution.Describe(Changed(("argocd", Now)), new EditRecord("ann", "UPDATE", Now.AddMinutes(-5))),
            Is.EqualTo("by field manager argocd at 2026-11-22T10:02:11Z"));

    [Test]
    public void A_vanished_object_is_blamed_only_on_a_seen_delete()
    {
        Assert.That(DriftAttribution.Describe(null, new EditRecord("ann", "DELETE", Now)), Is.EqualTo("by user ann"));
        Assert.That(DriftAttribution.Describe(null, new EditRecord("ann", "UPDATE", Now)), Is.EqualTo("by unknown"));
        Assert.That(DriftAttribution.Describe(null, null), Is.EqualTo("by unknown"));
    }

    [Test]
    public void Writers_of_status_are_not_suspects() =>
        Assert.That(
            DriftAttribution.Describe(Changed(("kubelet", Now, "status"), ("portcullis-hardening", Now, "")), null),
            Is.EqualTo("by unknown"));

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
