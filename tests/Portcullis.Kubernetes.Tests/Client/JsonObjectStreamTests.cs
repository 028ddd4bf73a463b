using System.Text;
using System.Text.Json;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Kubernetes.Tests.Client;

/// <summary>Objects on a stream that stays open, whatever pieces they come in.</summary>
internal sealed class JsonObjectStreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Test]
    public async Task An_object_is_there_with_its_last_byte_although_nothing_follows(
        [Values(2, 100, 16 * 1024, (16 * 1024) + 1, 100_000, 1_500_000)] int length, [Values(7, 4096, int.MaxValue)] int piece)
    {
        var text = length == 2 ? "{}" : $$"""{"list":[{{string.Join(',', Enumerable.Repeat("""{"name":"a"}""", length / 13))}}]}""";
        using var open = new Pieces(text, piece, staysOpen: true);

        var found = await new JsonObjectStream(open).NextAsync(default).AsTask().WaitAsync(Patience);

        Assert.That(Text(found), Is.EqualTo(text));
    }

    [Test]
    public async Task Each_of_many_comes_once_and_in_its_order([Values(1, 3, 5000, int.MaxValue)] int piece, [Values("", "\n", " \r\n\t")] string between)
    {
        var texts = Enumerable.Range(0, 300).Select(i => $$"""{"i":{{i}},"text":"{{new string('x', i * 7)}} } \" {"}""").ToList();
        using var ended = new Pieces(string.Concat(texts.Select(t => t + between)), piece, staysOpen: false);
        var objects = new JsonObjectStream(ended);

        var found = new List<string?>();
        while (await objects.NextAsync(default) is { } next)
        {
            found.Add(Text(next));
        }

        Assert.That(found.Select(f => f!.TrimStart()), Is.EqualTo(texts));
    }

    [TestCase("{\"a\":1")]
    [TestCase("{} {")]
    [TestCase("{}]")]
    [TestCase("[1]")]
    [TestCase("7 {}")]
    [TestCase("<html>")]
    public void What_ends_inside_an_object_or_is_none_is_an_error(string text) => Assert.That(
        async () =>
        {
            using var ended = new Pieces(text, 1, staysOpen: false);
            var objects = new JsonObjectStream(ended);
            while (await objects.NextAsync(default) is not null)
            {
            }
        },
        Throws.InstanceOf<JsonException>());

    private static string? Text(ReadOnlyMemory<byte>? bytes) => bytes is { } found ? Encoding.UTF8.GetString(found.Span) : null;

    /// <summary>Gives at most so many bytes to each read; at its end it waits, or is over.</summary>
    private sealed class Pieces(string text, int piece, bool staysOpen) : MemoryStream(Encoding.UTF8.GetBytes(text))
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (staysOpen && Position == Length)
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            }

            return Read(buffer.Span[..Math.Min(buffer.Length, piece)]);
        }
    }
}
