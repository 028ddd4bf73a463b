using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Portcullis.ApiServer.Controllers;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Storage;
using Portcullis.ApiServer.Tests.Policy;
using Portcullis.Objects;
using Portcullis.Testing;

namespace Portcullis.ApiServer.Tests.Controllers;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ControllerHostTests
{
    private readonly MemoryObjectStore _store = new();

    [Test]
    public async Task What_happened_while_the_server_was_down_is_put_right_at_start()
    {
        _ = _store.Put(
            Requests.ConfigMaps,
            """{"metadata":{"name":"child","namespace":"a","ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"gone","uid":"u"}]}}""");
        await using var host = Host(new GarbageCollector(_store, new MapsOnly(), new StoreOperations(_store)));
        host.Start();
        await Eventually.HoldsAsync(() => _store.List(Requests.ConfigMaps).Count == 0);
    }

    [Test]
    public async Task What_fails_is_tried_again_until_it_works_and_holds_up_nothing_else()
    {
        var controller = new Stubborn();
        await using var host = Host(controller);
        host.Start();
        await Eventually.HoldsAsync(() => controller.Done.SetEquals(["bad", "good"]));
        Assert.That(controller.Attempts, Is.GreaterThan(3));
    }

    [Test]
    public async Task An_object_that_cannot_be_read_does_not_deafen_the_controller()
    {
        var controller = new Stubborn();
        await using var host = Host(controller);
        host.Start();
        _ = _store.Put(Requests.ConfigMaps, """{"metadata":{"name":"poison","namespace":"a"}}""");
        _ = _store.Put(Requests.ConfigMaps, """{"metadata":{"name":"later","namespace":"a"}}""");
        await Eventually.HoldsAsync(() => controller.Done.Contains("later"));
    }

    private ControllerHost Host(IBuiltInController controller) => new([controller], _store, TimeProvider.System, NullLoggerFactory.Instance);

    private sealed class Stubborn : IBuiltInController
    {
        public string Name => "stubborn";

        public HashSet<string> Done { get; private set; } = [];

        public int Attempts { get; private set; }

        public IEnumerable<string> AllKeys() => ["bad", "good"];

        public IEnumerable<string> KeysFor(StoreEvent change) =>
            change.Object.Key.Name == "poison" ? throw new InvalidOperationException("cannot be read") : [change.Object.Key.Name];

        public Task<TimeSpan?> ReconcileAsync(string key, CancellationToken cancellationToken)
        {
            Attempts++;
            if (key == "bad" && Attempts < 4)
            {
                throw new InvalidOperationException("not yet");
            }

            Done = [.. Done, key];
            return Task.FromResult<TimeSpan?>(null);
        }
    }

    private sealed class MapsOnly : IKindDirectory
    {
        public IReadOnlyList<ApiResource> All => [Requests.ConfigMaps];

        public ApiResource? Find(string apiVersion, string kind) => kind == "ConfigMap" ? Requests.ConfigMaps : null;
    }

    private sealed class StoreOperations(MemoryObjectStore store) : IResourceOperations
    {
        public Task<JsonObject> CreateAsync(string actor, ApiResource resource, JsonObject value, CancellationToken cancellationToken) =>
            Task.FromResult(store.Put(resource, value).Object);

        public Task<JsonObject> UpdateAsync(
            string actor, ApiResource resource, JsonObject value, string subresource, CancellationToken cancellationToken) =>
            Task.FromResult(store.Put(resource, value).Object);

        public Task<JsonObject> ApplyAsync(string actor, ApiResource resource, JsonObject value, CancellationToken cancellationToken) =>
            Task.FromResult(store.Put(resource, value).Object);

        public Task DeleteAsync(string actor, ApiResource resource, ObjectKey key, JsonObject? deleteOptions, CancellationToken cancellationToken)
        {
            store.Delete(resource, key);
            return Task.CompletedTask;
        }
    }
}
