using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Http;
using Portcullis.Objects;
using Portcullis.Testing.Clusters;
using Portcullis.Testing.Faults;
using Portcullis.Tests.Sources;

namespace Portcullis.Tests.BadInput;

/// <summary>Disks without room: told as such, and nothing is broken by it.</summary>
internal sealed class FullDiskTests
{
    [Test]
    public async Task A_full_cache_is_told_and_works_again_when_there_is_room()
    {
        await using var world = await SourceWorld.StartAsync(running: false);
        using var disk = SmallDisk.Mount(world.Git.Cache, 1024);
        if (disk is null)
        {
            Assert.Ignore("not run: this test may not mount a small disk");
            return;
        }

        await world.StartOperatorAsync();
        await world.SourceAsync();
        var good = await world.GoodAsync();
        disk.Fill();
        var noise = new byte[256 * 1024];
        new Random(1).NextBytes(noise);
        var next = world.Git.Write("a.bin", noise).Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Commit();

        var full = await world.RefusedAsync(good, "CacheNotWritable", "No space left on device");
        await world.IsKeptAsync("a");

        await TestContext.Out.WriteLineAsync(SourceWorld.Ready(full)!.Message);
        disk.Empty();
        await world.ReadyAsync(next);
        await world.StopOperatorAsync();
    }

    [Test]
    public async Task A_full_store_of_the_embedded_api_refuses_writes_loses_nothing_and_goes_on_when_there_is_room()
    {
        var folder = Directory.CreateTempSubdirectory("portcullis-full-").FullName;
        using var disk = SmallDisk.Mount(folder, 4096);
        if (disk is null)
        {
            Assert.Ignore("not run: this test may not mount a small disk");
            return;
        }

        var cluster = await TestCluster.StartAsync(configure: o => o with { StateFolder = folder });
        await cluster.ApplyAsync("apiVersion: v1\nkind: Namespace\nmetadata: {name: work}\n" + "---\n" + SourceWorld.ConfigMap("before"));
        disk.Fill();
        var made = new List<string>();
        KubernetesApiException? refused = null;
        for (var i = 0; i < 2000 && refused is null; i++)
        {
            try
            {
                await cluster.ApplyAsync(SourceWorld.ConfigMap($"c{i}", new string('x', 4000)));
                made.Add($"c{i}");
            }
            catch (KubernetesApiException e)
            {
                refused = e;
            }
        }

        Assert.Multiple(async () =>
        {
            Assert.That((int?)refused?.StatusCode, Is.EqualTo(500));
            Assert.That(refused?.Message, Does.Contain("The store cannot write").And.Contain("full"));
            Assert.That(await cluster.Client.GetAsync(SourceWorld.ConfigMaps, new ObjectKey("work", "before"), default), Is.Not.Null);
            Assert.That(await cluster.Client.GetAsync(SourceWorld.ConfigMaps, new ObjectKey("work", $"c{made.Count}"), default), Is.Null);
        });
        disk.Empty();
        await cluster.ApplyAsync(SourceWorld.ConfigMap("after"));
        await cluster.RestartAsync(_ => { });
        var client = KubernetesClientFactory.Create(KubeConfig.Load([cluster.KubeconfigPath]));
        foreach (var name in made.Append("before").Append("after"))
        {
            Assert.That(await client.GetAsync(SourceWorld.ConfigMaps, new ObjectKey("work", name), default), Is.Not.Null, name);
        }

        await cluster.DisposeAsync();
        disk.Dispose();
        Directory.Delete(folder);
    }
}
