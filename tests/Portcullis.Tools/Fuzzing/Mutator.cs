using System.Text;

namespace Portcullis.Tools.Fuzzing;

/// <summary>
/// Makes new inputs of old ones: single bytes, blocks, lines, words of the corpus, two inputs spliced. The same seed gives the same inputs while the
/// corpus grows in the same way.
/// </summary>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> words)
{
    private const int Longest = 8192;

    private static readonly byte[][] Numbers = [.. new[] { "0", "-1", "1e9", "2147483648", "9223372036854775807", "1.5", "99999999999999999999" }.Select(Encoding.ASCII.GetBytes)];

    public byte[] Next(IReadOnlyList<byte[]> corpus)
    {
        List<byte> input = [.. corpus[random.Next(corpus.Count)]];
        for (var changes = 1 << random.Next(5); changes > 0; changes--)
        {
            Change(input, corpus);
        }

        return [.. input.Take(Longest)];
    }

    private void Change(List<byte> input, IReadOnlyList<byte[]> corpus)
    {
        var at = random.Next(input.Count + 1);
        switch (random.Next(10))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < input.Count:
                input[at] = (byte)random.Next(256);
                break;
            case 2:
                input.Insert(at, (byte)random.Next(32, 127));
                break;
            case 3:
                input.RemoveRange(at, random.Next(Math.Min(64, input.Count - at) + 1));
                break;
            case 4:
                Repeat(input, at);
                break;
            case 5:
                input.InsertRange(at, Numbers[random.Next(Numbers.Length)]);
                break;
            case 6:
                Splice(input, at, corpus[random.Next(corpus.Count)]);
                break;
            case 7:
                SwapLines(input);
                break;
            default:
                input.InsertRange(at, words[random.Next(words.Count)]);
                break;
        }
    }

    /// <summary>Much of one thing is what makes work grow.</summary>
    private void Repeat(List<byte> input, int at)
    {
        var block = input.Skip(at).Take(1 + random.Next(32)).ToList();
        for (var times = 1 << random.Next(8); times > 0 && input.Count < Longest; times--)
        {
            input.InsertRange(at, block);
        }
    }

    private void Splice(List<byte> input, int at, byte[] other)
    {
        var from = random.Next(other.Length + 1);
        input.RemoveRange(at, input.Count - at);
        input.AddRange(other.Skip(from));
    }

    private void SwapLines(List<byte> input)
    {
        var lines = Encoding.Latin1.GetString([.. input]).Split('\n');
        var (left, right) = (random.Next(lines.Length), random.Next(lines.Length));
        (lines[left], lines[right]) = (lines[right], lines[left]);
        input.Clear();
        input.AddRange(Encoding.Latin1.GetBytes(string.Join('\n', lines)));
    }
}
