using System.Text.Json;
using Portcullis.Core.Access;
using Portcullis.Core.Grants;
using Portcullis.Core.Hardening;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Crds;

/// <summary>People compare times of several objects: all of them are written in one form, that of Kubernetes itself.</summary>
internal sealed class TimesTests
{
    [Test]
    public void Times_are_written_in_UTC_to_the_second_and_end_in_Z()
    {
        var effect = new GrantStatus { Effective = new GrantEffect { State = "Active", NextChange = new DateTimeOffset(2035, 10, 31, 23, 59, 59, 700, TimeSpan.FromHours(2)) } };
        var json = JsonSerializer.SerializeToNode(new Grant { Metadata = new ObjectMeta { Name = "g" }, Spec = Spec("2035-10-31T23:59:59.5+02:00"), Status = effect }, GrantsJsonContext.Default.Grant)!;
        Assert.That(json["status"]!["effective"]!["nextChange"]!.GetValue<string>(), Is.EqualTo("2035-10-31T21:59:59Z"));
        Assert.That(json["spec"]!["expiresAt"]!.GetValue<string>(), Is.EqualTo("2035-10-31T21:59:59Z"));

        var report = new NodeReportStatus { ObservedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero) };
        Assert.That(JsonSerializer.SerializeToNode(report, HardeningJsonContext.Default.NodeReportStatus)!["observedAt"]!.GetValue<string>(), Is.EqualTo("2026-01-02T03:04:05Z"));
    }

    private static GrantSpec Spec(string end) => JsonSerializer.Deserialize(
        $$"""{"subject":{"kind":"User","name":"ann"},"role":"ViewOnly","collection":"/a","expiresAt":"{{end}}"}""", GrantsJsonContext.Default.GrantSpec)!;
}
