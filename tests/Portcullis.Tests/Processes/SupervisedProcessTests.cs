using System.Diagnostics;
using Portcullis.Processes;
using Portcullis.Testing;

namespace Portcullis.Tests.Processes;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SupervisedProcessTests : IDisposable
{
    private readonly List<ComponentReport> _reports = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("portcullis-process-").FullName;
    private readonly LaunchThread _launcher = new();

    public void Dispose()
    {
        _launcher.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Says_what_to_install_when_the_program_is_missing()
    {
        var child = Supervise(Spec("no-such-program-here", []));
        await child.RunAsync(CancellationToken.None);
        Assert.That(_reports.Single(r => r.State == ComponentState.Missing).Message, Is.EqualTo("no-such-program-here is not installed: run apt-get install some-package"));
    }

    [Test]
    public async Task Stops_the_program_and_forgets_its_pid_when_asked_to_end()
    {
        using var stop = new CancellationTokenSource();
        var child = Supervise(Spec("sleep", ["600"]));
        var run = child.RunAsync(stop.Token);
        await child.SettledAsync(CancellationToken.None);
        var process = child.Identity!.Value;
        Assert.That(process.IsAlive(), Is.True);

        await stop.CancelAsync();
        await run;
        Assert.Multiple(() =>
        {
            Assert.That(process.IsAlive(), Is.False);
            Assert.That(File.Exists(child.Spec.PidFile), Is.False);
            Assert.That(_reports[^1].State, Is.EqualTo(ComponentState.Stopped));
        });
    }

    [Test]
    public async Task Starts_the_program_again_when_it_dies()
    {
        using var stop = new CancellationTokenSource();
        var child = Supervise(Spec("sleep", ["600"]));
        var run = child.RunAsync(stop.Token);
        await child.SettledAsync(CancellationToken.None);
        var first = child.Identity!.Value;
        Process.GetProcessById(first.Pid).Kill();
        await Eventually.HoldsAsync(() => child.Identity is { } second && second != first && child.Report.State == ComponentState.Running);
        await stop.CancelAsync();
        await run;
    }

    [Test]
    public async Task Ends_what_a_killed_run_left_behind_before_it_starts_its_own()
    {
        using var leftover = Process.Start("sleep", "600");
        var spec = Spec("sleep", ["600"]);
        ProcessIdentity.Of(leftover.Id)!.Value.Write(spec.PidFile);
        using var stop = new CancellationTokenSource();
        var child = Supervise(spec);
        var run = child.RunAsync(stop.Token);
        await child.SettledAsync(CancellationToken.None);
        await Eventually.HoldsAsync(() => leftover.HasExited, what: "the process that was left behind to be ended");
        await stop.CancelAsync();
        await run;
    }

    [Test]
    public async Task Leaves_a_stranger_alone_that_now_has_the_pid_of_a_child_long_gone()
    {
        using var stranger = Process.Start("sleep", "600");
        var spec = Spec("sleep", ["600"]);
        new ProcessIdentity(stranger.Id, StartTicks: 1).Write(spec.PidFile);
        using var stop = new CancellationTokenSource();
        var child = Supervise(spec);
        var run = child.RunAsync(stop.Token);
        await child.SettledAsync(CancellationToken.None);
        Assert.That(stranger.HasExited, Is.False);
        stranger.Kill();
        await stop.CancelAsync();
        await run;
    }

    [Test]
    public async Task Tells_the_last_line_of_the_log_when_the_program_will_not_start()
    {
        using var stop = new CancellationTokenSource();
        var child = new SupervisedProcess(
            Spec("ls", ["/no/such/folder"]), _ => Task.FromResult<string?>("nothing listens"), _launcher, TimeProvider.System, _reports.Add);
        var run = child.RunAsync(stop.Token);
        await Eventually.HoldsAsync(() => _reports.Any(r => r.State == ComponentState.Failed));
        await stop.CancelAsync();
        await run;
        Assert.That(_reports.First(r => r.State == ComponentState.Failed).Message, Does.Contain("/no/such/folder"));
    }

    private SupervisedProcess Supervise(ChildSpec spec) => new(spec, _ => Task.FromResult<string?>(null), _launcher, TimeProvider.System, _reports.Add);

    private ChildSpec Spec(string program, IReadOnlyList<string> arguments) => new()
    {
        Name = "component",
        Program = program,
        Package = "some-package",
        Arguments = arguments,
        Folder = _folder,
        Address = "nowhere",
    };
}
