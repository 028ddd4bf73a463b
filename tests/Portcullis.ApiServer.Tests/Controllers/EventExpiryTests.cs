using Portcullis.ApiServer.Controllers;
using Portcullis.ApiServer.Tests.Policy;
using Portcullis.Testing;

namespace Portcullis.ApiServer.Tests.Controllers;

internal sealed class EventExpiryTests
{
    [Test]
    public async Task Forgets_an_event_an_hour_after_it_was_last_written()
    {
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
        var store = new MemoryObjectStore();
        _ = store.Put(Requests.Events, """{"metadata":{"name":"old","namespace":"a","creationTimestamp":"2026-01-01T10:59:59Z"}}""");
        _ = store.Put(Requests.Events, """{"metadata":{"name":"new","namespace":"a","creationTimestamp":"2026-01-01T11:30:00Z"}}""");
        _ = store.Put(
            Requests.Events,
            """{"metadata":{"name":"again","namespace":"a","creationTimestamp":"2026-01-01T10:00:00Z","managedFields":[{"time":"2026-01-01T11:59:00Z"}]}}""");
        var again = await new EventExpiry(store, time).ReconcileAsync("sweep", CancellationToken.None);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(store.List(Requests.Events).Select(stored => stored.Key.Name), Is.EqualTo(["again", "new"]));
            Assert.That(again, Is.Not.Null, "looks again by itself");
        }
    }
}
