using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Portcullis.Core.Repositories;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Sources.Receive;
using Portcullis.Testing.Registries;
using Portcullis.Testing.Servers;

namespace Portcullis.Tests.Repositories;

/// <summary>Notifications of a real docker-registry.</summary>
public class RegistryNotificationTests
{
    private INoticeReceiver? _receiver;

    [Test]
    public async Task What_is_pushed_past_the_gateway_is_found_as_soon_as_the_registry_tells_of_it_and_pushes_through_it_ask_for_no_poll()
    {
        await using var server = await LoopbackServer.StartAsync(null, ReceiveAsync);
        await using var world = await RegistryWorld.StartAsync(registry: new DockerRegistryOptions
        {
            Notifications = new Uri($"{server.Address.TrimEnd('/')}/registry/dtr"), NotificationsAuthorization = "Bearer registry-says",
        });
        _receiver = world.Services.GetServices<INoticeReceiver>().Single(r => r.PathPrefix == "/registry/");
        await world.PushAsync("known", ImageBuilder.Small(1));
        Assert.That(await RequestedAsync(world), Is.Null);

        await ImageBuilder.Small(2).PushAsync(world.Direct, RegistryWorld.Name, "stray");

        await world.UntilAsync(async () => (await world.Ledgers.ReadAsync(RegistryWorld.Id, "stray", default))?.PushedPastGateway == true, "the tag to be found");
        Assert.That(await RequestedAsync(world), Is.Not.Null);
        await world.Direct.Manifests.DeleteAsync(RegistryWorld.Name, ImageBuilder.Small(2).Digest, default);
        await world.UntilAsync(async () => await world.Ledgers.ReadAsync(RegistryWorld.Id, "stray", default) is null, "the deletion to be found");
    }

    [TestCase("Bearer registry-says", "/registry/dtr", """{"events":[]}""", 202)]
    [TestCase("Bearer other", "/registry/dtr", """{"events":[]}""", 401)]
    [TestCase("", "/registry/dtr", """{"events":[]}""", 401)]
    [TestCase("Bearer registry-says", "/registry/other", """{"events":[]}""", 404)]
    [TestCase("Bearer registry-says", "/registry/dtr", "[]", 400)]
    [TestCase("Bearer registry-says", "/registry/dtr", "{", 400)]
    public async Task Only_the_registry_itself_is_listened_to(string authorization, string path, string body, int status)
    {
        await using var world = await RegistryWorld.StartAsync();
        var context = new DefaultHttpContext();
        context.Request.Path = path;
        context.Request.Headers.Authorization = authorization;
        context.Request.Body = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(body));

        Assert.That(await world.Services.GetServices<INoticeReceiver>().Single(r => r.PathPrefix == "/registry/").ReceiveAsync(context.Request, default), Is.EqualTo(status));
    }

    private async Task ReceiveAsync(HttpContext context) =>
        context.Response.StatusCode = _receiver is { } receiver ? await receiver.ReceiveAsync(context.Request, context.RequestAborted) : 503;

    private static async Task<string?> RequestedAsync(RegistryWorld world) =>
        (await world.Cluster.Client.GetAsync(Repository.Definition, ObjectKey.Cluster("web"), default)).Object("metadata").Object("annotations").String("portcullis.dev/requestedAt");
}
