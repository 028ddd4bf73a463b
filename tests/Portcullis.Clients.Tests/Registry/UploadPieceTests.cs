using System.Globalization;
using Microsoft.AspNetCore.Http;
using Portcullis.Clients.Registry;

namespace Portcullis.Clients.Tests.Registry;

/// <summary>Uploads to a registry that takes of each piece what the test says, and says what it has as OCI distribution 1.1 asks.</summary>
[TestFixture]
internal sealed class UploadPieceTests
{
    private const int Chunk = 1000;
    private const string Session = "/v2/a/b/blobs/uploads/1";
    private static readonly byte[] Content = Enumerable.Range(0, 3500).Select(i => (byte)(i * 7 >> 2)).ToArray();
    private ScriptedRegistry _registry = null!;
    private List<byte> _has = null!;
    private int _least;

    [SetUp]
    public async Task StartAsync()
    {
        _registry = await ScriptedRegistry.StartAsync();
        _has = [];
        _least = 0;
        _registry.On("/v2/a/b/blobs/uploads/", context =>
        {
            _has.Clear();
            context.Response.Headers["OCI-Chunk-Min-Length"] = _least.ToString(CultureInfo.InvariantCulture);
            return SayAsync(context, 202, 0);
        });
    }

    [TearDown]
    public async Task StopAsync() => await _registry.DisposeAsync();

    private int Pieces => _registry.Seen.Count(s => s.StartsWith("PATCH", StringComparison.Ordinal));

    [Test]
    public async Task The_rest_of_a_piece_that_was_taken_in_part_is_sent_again()
    {
        Takes((offset, length) => Math.Max(1, length / 2));

        await UploadAsync();

        Assert.That(_has, Is.EqualTo(Content));
    }

    [Test]
    public async Task A_piece_that_was_dropped_is_sent_again()
    {
        var drops = 0;
        Takes((offset, length) => offset == 1000 && drops++ == 0 ? 0 : length);

        await UploadAsync();

        Assert.That(_has, Is.EqualTo(Content));
        Assert.That(Pieces, Is.EqualTo(4));
    }

    [Test]
    public async Task A_registry_that_drops_every_piece_is_given_up()
    {
        Takes((_, _) => 0);

        var failed = (await Assert.ThrowsAsync<RegistryException>(UploadAsync))!;

        Assert.That((failed.Kind, failed.Message), Is.EqualTo((RegistryFailure.Unavailable, "the registry took none of the 1000 bytes at 0")));
        Assert.That(Pieces, Is.EqualTo(5));
    }

    [TestCase(-1500)]
    [TestCase(1500)]
    public async Task A_registry_that_has_other_bytes_than_were_sent_is_not_gone_on_with(int more)
    {
        Takes((offset, length) => length, said: has => has == 2000 ? has + more : has);

        var failed = (await Assert.ThrowsAsync<RegistryException>(UploadAsync))!;

        Assert.That((failed.Kind, failed.Message), Is.EqualTo((RegistryFailure.Damaged, $"the registry has {2000 + more} bytes of the upload, of which 1000 to 2000 were sent")));
    }

    [Test]
    public async Task Pieces_are_as_large_as_the_registry_asks()
    {
        _least = 1700;
        Takes((offset, length) => length);

        await UploadAsync();

        Assert.That((_has.SequenceEqual(Content), Pieces), Is.EqualTo((true, 2)));
    }

    [Test]
    public async Task A_registry_that_has_lost_the_upload_is_given_the_blob_from_its_beginning_a_few_times()
    {
        var losses = 0;
        Takes((offset, length) => offset == 2000 && losses++ < 2 ? -1 : length);
        await UploadAsync();
        Assert.That(_has, Is.EqualTo(Content));

        Takes((offset, length) => offset == 2000 ? -1 : length);
        var failed = (await Assert.ThrowsAsync<RegistryException>(UploadAsync))!;
        Assert.That(failed.Message, Is.EqualTo($"the registry lost the upload of {ContentDigest.Of(Content)} 5 times"));
    }

    [Test]
    public async Task A_source_that_ends_too_early_is_damaged()
    {
        Takes((offset, length) => length);
        var source = BlobSource.Of(Content) with { Size = 3600 };

        var failed = (await Assert.ThrowsAsync<RegistryException>(() => Client.Uploads.UploadAsync("a/b", source, default)))!;

        Assert.That(failed.Kind, Is.EqualTo(RegistryFailure.Damaged));
    }

    private RegistryClient Client => _registry.Client(new RegistryClientOptions { ChunkSize = Chunk });

    private Task UploadAsync() => Client.Uploads.UploadAsync("a/b", BlobSource.Of(Content), default);

    /// <param name="take">From offset and length of a piece: how many of its bytes are kept; below 0 the upload is lost.</param>
    /// <param name="said">From what is kept: what the answer says is kept.</param>
    private void Takes(Func<int, int, int> take, Func<int, int>? said = null) => _registry.On(Session, async context =>
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var taken = context.Request.Method == "PATCH" ? take(_has.Count, (int)body.Length) : (int)body.Length;
        if (taken < 0)
        {
            context.Response.StatusCode = 404;
            return;
        }

        _has.AddRange(body.ToArray().AsSpan(0, taken));
        await SayAsync(context, context.Request.Method == "PUT" ? 201 : 202, said?.Invoke(_has.Count) ?? _has.Count);
    });

    private static Task SayAsync(HttpContext context, int status, int has)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = Session;
        context.Response.Headers.Range = $"0-{Math.Max(0, has - 1)}";
        return Task.CompletedTask;
    }
}
