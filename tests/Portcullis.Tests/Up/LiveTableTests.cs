using System.Text;
using System.Text.RegularExpressions;
using Portcullis.Processes;
using Portcullis.Testing;
using Portcullis.Up;
using Spectre.Console;

namespace Portcullis.Tests.Up;

/// <summary>What the live table writes to a terminal, whose width somebody changes.</summary>
[TestFixture]
internal sealed partial class LiveTableTests
{
    private const string Home = "\e[H";

    [Test]
    public async Task Each_picture_covers_the_whole_screen_at_the_width_and_height_of_the_moment()
    {
        await using var text = new Screen();
        var console = Console(text);
        var table = new LiveTable(console, TimeProvider.System);
        table.Component(new ComponentReport("engine", ComponentState.Running, new string('e', 200)));
        table.Say("export KUBECONFIG=/a/b/c");
        table.Rows([.. Enumerable.Range(0, 50).Select(i => Row($"grant-{i}"))]);

        using var stop = new CancellationTokenSource();
        var drawing = table.DrawAsync(stop.Token);
        foreach (var (width, height) in new[] { (120, 30), (80, 12), (200, 40) })
        {
            (console.Profile.Width, console.Profile.Height) = (width, height);
            var before = Frames(text).Count;
            await Eventually.HoldsAsync(() => drawing.IsCompleted || Frames(text).Count > before + 2);
            Assert.That(drawing.IsCompleted, Is.False, drawing.Exception?.ToString());
            var frame = Frames(text)[^2];
            var lines = frame.Split('\n').Select(l => Escape().Replace(l, "").TrimEnd('\r')).ToList();
            Assert.That(frame.Split("\r\n"), Has.All.EndsWith("\e[K").Or.EndsWith("\e[K\e[J"), "what stood there before is erased");
            Assert.That(frame, Does.EndWith("\e[J"));
            Assert.That(lines, Has.Count.LessThanOrEqualTo(height));
            Assert.That(lines.Select(l => l.Length), Is.All.LessThanOrEqualTo(width));
            Assert.That(lines, Has.Some.StartsWith("export KUBECONFIG=/a/b/c").And.Some.Contains("Ctrl-C stops everything").And.One.StartsWith("KIND"));
        }

        await stop.CancelAsync();
        await drawing;
        var end = text.ToString().Split("\e[?1049l");
        Assert.That(end, Has.Length.EqualTo(2), "the alternate screen is left");
        Assert.That(end[1], Does.Contain("export KUBECONFIG=/a/b/c").And.Contain("grant-49").And.Not.Contain("Ctrl-C"), "the last state stays on the ordinary screen");
    }

    private static ResourceRow Row(string name) => new()
    {
        Kind = "Grant",
        Name = name,
        State = ResourceState.Ready,
        Ready = "True",
        Message = new string('x', 300),
        Created = DateTimeOffset.UnixEpoch,
        Datum = "shop",
    };

    private static List<string> Frames(Screen text) => [.. text.ToString().Split(Home).Skip(1)];

    private static IAnsiConsole Console(TextWriter text)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.Standard, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 120;
        console.Profile.Height = 30;
        return console;
    }

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Escape();

    /// <summary>Keeps what is written, and can be read meanwhile.</summary>
    private sealed class Screen : TextWriter
    {
        private readonly Lock _gate = new();
        private readonly StringBuilder _text = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => Write(value.ToString());

        public override void Write(string? value)
        {
            lock (_gate)
            {
                _text.Append(value);
            }
        }

        public override string ToString()
        {
            lock (_gate)
            {
                return _text.ToString();
            }
        }
    }
}
