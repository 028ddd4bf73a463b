using Portcullis.Agent.Engine;

namespace Portcullis.Tests.Agent;

/// <summary>The lines are those of dockerd 20.10.24.</summary>
internal sealed class EngineLogTests
{
    private const string Up = "time=\"2026-11-22T19:05:00Z\" level=info msg=\"Starting up\"";
    private const string Running = "time=\"2026-11-22T19:05:01Z\" level=info msg=\"Daemon has completed initialization\"";
    private const string Stopped = "time=\"2026-11-22T19:05:09Z\" level=info msg=\"Daemon shutdown complete\"";
    private const string Failure = "failed to start daemon: error initializing graphdriver: overlay2: unknown option overlay2.nonsense";

    [Test]
    public void An_engine_that_does_not_start_says_why() =>
        Assert.That(EngineLog.LastError([Up, Running, Stopped, Up, Failure, ""]), Is.EqualTo(Failure));

    [Test]
    public void One_that_is_started_again_and_again_says_why_it_failed_the_last_time() =>
        Assert.That(EngineLog.LastError([Up, Failure, Up]), Is.EqualTo(Failure));

    [Test]
    public void One_that_ends_while_it_runs_says_why() =>
        Assert.That(EngineLog.LastError([Up, Running, "time=\"2026-11-22T19:05:02Z\" level=fatal msg=\"no \\\"room\\\" left\""]), Is.EqualTo("no \"room\" left"));

    [TestCase(Running)]
    [TestCase(Stopped)]
    public void What_stopped_an_earlier_start_is_not_what_ended_a_later_one(string last) =>
        Assert.That(EngineLog.LastError([Up, Failure, Up, Running, last]), Is.Null);
}
