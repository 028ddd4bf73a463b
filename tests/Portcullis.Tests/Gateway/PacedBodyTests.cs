using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Portcullis.Gateway.Forwarding;
using Portcullis.Testing;

namespace Portcullis.Tests.Gateway;

/// <summary>Bodies of layers that come slowly.</summary>
internal sealed class PacedBodyTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _time = new();

    [Test]
    public async Task Who_sends_a_byte_now_and_then_is_cut_off()
    {
        using var client = new FedStream();
        await using var body = new PacedBody(client, Patience, _time);
        Assert.That(await DripAsync(client, body, 9, TimeSpan.FromSeconds(10), 1), Is.EqualTo(9));

        var last = ReadAsync(body);
        _time.Advance(TimeSpan.FromSeconds(11));

        await Assert.ThatAsync(
            () => last.WaitAsync(Guard), Throws.TypeOf<BadHttpRequestException>().With.Property(nameof(BadHttpRequestException.StatusCode)).EqualTo(StatusCodes.Status408RequestTimeout));
    }

    [Test]
    public async Task Who_sends_as_fast_as_is_asked_for_may_take_hours()
    {
        using var client = new FedStream();
        await using var body = new PacedBody(client, Patience, _time);
        Assert.That(await DripAsync(client, body, 100, TimeSpan.FromMinutes(1), 60 * PacedBody.BytesPerSecond), Is.EqualTo(100));
    }

    [Test]
    public async Task A_pause_that_is_not_longer_than_the_patience_is_none()
    {
        using var client = new FedStream();
        await using var body = new PacedBody(client, Patience, _time);
        Assert.That(await DripAsync(client, body, 1, Patience - TimeSpan.FromSeconds(1), 10), Is.EqualTo(1));
    }

    [Test]
    public async Task Time_in_which_nobody_reads_is_not_the_clients()
    {
        using var client = new FedStream();
        await using var body = new PacedBody(client, Patience, _time);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(await DripAsync(client, body, 1, TimeSpan.FromSeconds(1), 1), Is.EqualTo(1));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(await DripAsync(client, body, 1, TimeSpan.FromSeconds(1), 1), Is.EqualTo(1));
    }

    [Test]
    public async Task A_request_that_ends_is_no_slow_client()
    {
        using var client = new FedStream();
        await using var body = new PacedBody(client, Patience, _time);
        using var ended = new CancellationTokenSource();
        var reading = body.ReadAsync(new byte[10], ended.Token).AsTask();
        await ended.CancelAsync();
        await Assert.ThatAsync(() => reading.WaitAsync(Guard), Throws.InstanceOf<OperationCanceledException>());
    }

    /// <summary>How many pieces came through, each after a pause.</summary>
    private async Task<int> DripAsync(FedStream client, PacedBody body, int pieces, TimeSpan pause, int size)
    {
        for (var i = 0; i < pieces; i++)
        {
            var reading = ReadAsync(body);
            _time.Advance(pause);
            client.Feed(size);
            Assert.That(await reading.WaitAsync(Guard), Is.EqualTo(size));
        }

        return pieces;
    }

    private static Task<int> ReadAsync(PacedBody body) => body.ReadAsync(new byte[100_000]).AsTask();

    /// <summary>Gives what it is fed with.</summary>
    private sealed class FedStream : MemoryStream
    {
        private readonly Channel<int> _fed = Channel.CreateUnbounded<int>();

        public void Feed(int size) => _fed.Writer.TryWrite(size);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => await _fed.Reader.ReadAsync(cancellationToken);
    }
}
