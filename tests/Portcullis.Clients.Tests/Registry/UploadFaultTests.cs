using Portcullis.Clients.Registry;
using Portcullis.Testing.Faults;
using Portcullis.Testing.Registries;

namespace Portcullis.Clients.Tests.Registry;

/// <summary>Uploads in pieces to a real docker-registry whose connections break, which answers 500 or 429, or which is restarted.</summary>
[TestFixture]
internal sealed class UploadFaultTests
{
    private const int Chunk = 100_000;
    private static readonly byte[] Content = Enumerable.Range(0, 5 * Chunk / 2).Select(i => (byte)(i * 31 >> 3)).ToArray();
    private DockerRegistry _registry = null!;
    private FaultProxy _proxy = null!;
    private RegistryClient _client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        Assume.That(DockerRegistry.Missing, Is.Null);
        _registry = await DockerRegistry.StartAsync(new DockerRegistryOptions { RelativeLocations = true });
        _proxy = await FaultProxy.StartAsync(_registry.Address);
        _client = _registry.Client(_proxy.Address, new RegistryClientOptions { ChunkSize = Chunk });
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _proxy.DisposeAsync();
        await _registry.DisposeAsync();
    }

    private static IEnumerable<TestCaseData> Breaks()
    {
        foreach (var method in new[] { "PATCH", "PUT" })
        {
            yield return new TestCaseData(method, new Fault.Cut()).SetName($"{{m}}({method}, cut before)");
            yield return new TestCaseData(method, new Fault.CutAfterForward()).SetName($"{{m}}({method}, cut after)");
            yield return new TestCaseData(method, Fault.InternalError).SetName($"{{m}}({method}, 500)");
            yield return new TestCaseData(method, new Fault.Answer(System.Net.HttpStatusCode.InternalServerError, "Lost", Forwarded: true)).SetName($"{{m}}({method}, 500 after it was done)");
            yield return new TestCaseData(method, new Fault.Answer(System.Net.HttpStatusCode.TooManyRequests, "Busy", TimeSpan.Zero)).SetName($"{{m}}({method}, 429)");
        }
    }

    [TestCaseSource(nameof(Breaks))]
    public async Task A_blob_arrives_whole_although_a_request_breaks(string method, Fault fault)
    {
        _proxy.Faults.Inject(r => r.Method == method, fault, 1);

        await _client.Uploads.UploadAsync("team/app", BlobSource.Of(Content), default);

        Assert.That(await _client.Blobs.ReadAsync("team/app", ContentDigest.Of(Content), Content.Length, default), Is.EqualTo(Content));
    }

    [Test]
    public async Task A_piece_that_never_reached_the_registry_is_all_that_is_sent_again()
    {
        _proxy.Faults.Inject(r => r.Method == "PATCH" && _proxy.Faults.Count(s => s.Method == "PATCH") == 2, new Fault.Cut(), 1);

        await _client.Uploads.UploadAsync("team/app", BlobSource.Of(Content), default);

        Assert.That(_proxy.Faults.Seen.Select(r => r.Method), Is.EqualTo(new[] { "POST", "PATCH", "PATCH", "GET", "PATCH", "PUT" }));
    }

    [Test]
    public async Task A_registry_that_is_restarted_on_the_way_goes_on()
    {
        var restarted = Task.CompletedTask;
        _proxy.Faults.KillAt(r => r.Method == "PATCH", 2, KillMoment.BeforeForward, () =>
        {
            _registry.StopAsync(kill: true).GetAwaiter().GetResult();
            restarted = _registry.StartAgainAsync();
        });

        await _client.Uploads.UploadAsync("team/app", BlobSource.Of(Content), default);
        await restarted;

        Assert.That(await _client.Blobs.ReadAsync("team/app", ContentDigest.Of(Content), Content.Length, default), Is.EqualTo(Content));
    }

    [TestCase("PATCH")]
    [TestCase("PUT")]
    public async Task A_connection_that_breaks_in_the_middle_of_a_piece_loses_nothing(string method)
    {
        using var handler = new BreaksOnce(method);
        var client = _registry.Client(_registry.Address, new RegistryClientOptions { ChunkSize = Chunk }, handler);

        await client.Uploads.UploadAsync("team/app", BlobSource.Of(Content), default);

        Assert.That(handler.Broken, Is.True);
        Assert.That(await client.Blobs.ReadAsync("team/app", ContentDigest.Of(Content), Content.Length, default), Is.EqualTo(Content));
    }

    [TestCase("PATCH")]
    [TestCase("PUT")]
    public async Task A_registry_that_always_fails_is_given_up(string method)
    {
        _proxy.Faults.Inject(r => r.Method == method, Fault.InternalError);

        var failed = await Assert.ThrowsAsync<RegistryException>(() => _client.Uploads.UploadAsync("team/app", BlobSource.Of(Content), default));

        Assert.That(failed!.Kind, Is.EqualTo(RegistryFailure.Unavailable));
    }

    [Test]
    public async Task A_registry_that_hangs_is_given_up_after_a_while()
    {
        var client = _registry.Client(_proxy.Address, new RegistryClientOptions { ChunkSize = Chunk, Patience = TimeSpan.FromMilliseconds(200) });
        _proxy.Faults.Inject(r => r.Method is "PATCH" or "GET", new Fault.Hang());

        var failed = (await Assert.ThrowsAsync<RegistryException>(() => client.Uploads.UploadAsync("team/app", BlobSource.Of(Content), default)))!;

        Assert.That(failed.Kind, Is.EqualTo(RegistryFailure.Unavailable));
        Assert.That(failed.Message, Does.EndWith("no progress within 0.2 s"));
    }

    [TestCase(new long[] { 37, 100_000, 1 })]
    public async Task A_read_that_breaks_off_goes_on_where_it_broke(long[] after)
    {
        await _registry.Client().Uploads.UploadAsync("team/app", BlobSource.Of(Content), default);
        foreach (var bytes in after)
        {
            _proxy.Faults.Inject(r => r.Method == "GET", new Fault.CutBody(bytes), 1);
        }

        await using var stream = (await _client.Blobs.OpenAsync("team/app", ContentDigest.Of(Content), Content.Length, default))!;
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);

        Assert.That(all.ToArray(), Is.EqualTo(Content));
        Assert.That(_proxy.Faults.Seen, Has.Count.EqualTo(1 + after.Length));
    }

    /// <summary>Sends half of one request's body and breaks the connection.</summary>
    private sealed class BreaksOnce(string method) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
    {
        public bool Broken { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method.Method == method && !Broken && request.RequestUri!.AbsoluteUri.Contains("_state", StringComparison.Ordinal))
            {
                Broken = true;
                request.Content = new HalfContent(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class HalfContent(byte[] whole) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            await stream.WriteAsync(whole.AsMemory(0, whole.Length / 2));
            await stream.FlushAsync();
            throw new IOException("the line is cut");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = whole.Length;
            return true;
        }
    }
}
