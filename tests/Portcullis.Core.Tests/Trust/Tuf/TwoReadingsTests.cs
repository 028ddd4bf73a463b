using Portcullis.Core.Trust.Tuf;
using Portcullis.Testing.Trust;

namespace Portcullis.Core.Tests.Trust.Tuf;

/// <summary>
/// Files that are written as Notary writes them are read in a quicker way than others. Whatever somebody changes in one, both ways must say the same: else
/// what is verified would be something else than what is read.
/// </summary>
[TestFixture]
internal sealed class TwoReadingsTests
{
    private const string Signs = "{}[],:\"0 1-e.\\=Aa\u0001";
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void A_changed_file_is_read_alike_in_both_ways()
    {
        var made = new MadeTrust(Now).Delegate("targets/a", ["1", "é"]).Delegate("targets/b").With("targets", MadeTrust.Target("1"), MadeTrust.Target("2", 2), MadeTrust.Target("é", 3)).Publish();
        var file = made.Files["targets"];
        var random = new Random(5);
        var read = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var changed = Changed(file, random);
            var (quick, slow) = (Read(changed), Read([(byte)' ', .. changed]));
            Assert.That(quick, Is.EqualTo(slow), () => System.Text.Encoding.UTF8.GetString(changed));
            read += quick.StartsWith('{') ? 1 : 0;
        }

        Assert.That(read, Is.GreaterThan(1000));
    }

    /// <summary>A byte taken out, put in or replaced, or a piece of the file put somewhere else.</summary>
    private static byte[] Changed(byte[] file, Random random)
    {
        var (at, from) = (random.Next(file.Length), random.Next(file.Length));
        var sign = (byte)Signs[random.Next(Signs.Length)];
        var piece = file.AsSpan(from, Math.Min(random.Next(1, 200), file.Length - from));
        return random.Next(4) switch
        {
            0 => [.. file[..at], .. file[(at + 1)..]],
            1 => [.. file[..at], sign, .. file[at..]],
            2 => [.. file[..at], sign, .. file[(at + 1)..]],
            _ => [.. file[..at], .. piece, .. file[at..]],
        };
    }

    /// <summary>What is signed and what is made of it; of what cannot be read, only that it cannot.</summary>
    private static string Read(byte[] file)
    {
        var (envelope, _) = RoleCheck.Parse(RoleNames.Targets, file);
        if (envelope is null)
        {
            return "no file";
        }

        var (content, _) = RoleCheck.Understand(RoleNames.Targets, envelope, json => RoleReader.Targets(RoleNames.Targets, json));
        var signatures = envelope.Signatures.Select(s => $"{s.KeyId} {s.Method} {Convert.ToBase64String(s.Value)}");
        return content is null ? $"no role {Convert.ToHexString(envelope.Message.Span)}"
            : $"{System.Text.Encoding.UTF8.GetString(content.ToSignedBytes())} {System.Text.Encoding.UTF8.GetString(envelope.Message.Span)} {string.Join(';', signatures)}";
    }
}
