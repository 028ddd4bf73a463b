using Portcullis.ApiServer.Kinds;

namespace Portcullis.ApiServer.Tests.Serving;

/// <summary>What all servers of one process have in common.</summary>
internal sealed class SharedSchemasTests
{
    [Test]
    public void Servers_that_start_at_the_same_moment_read_the_same_schemas()
    {
        for (var round = 0; round < 200; round++)
        {
            var text = SchemaText.Load();
            using var start = new Barrier(8);
            var servers = Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return text["Pod"];
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)).ToArray();
            Task.WaitAll(servers);
            Assert.That(servers.Select(s => s.Result), Is.All.SameAs(text["Pod"]));
        }
    }
}
