using System.Text.RegularExpressions;
using Portcullis.Testing;

namespace Portcullis.Tests.Architecture;

/// <summary>What every test keeps to.</summary>
[TestFixture]
internal sealed partial class TestLawTests
{
    /// <summary>Where time itself is the matter: what polls, what makes something slow, what paces a soak, what measures.</summary>
    private static readonly string[] MayWait =
    [
        "Portcullis.Testing/Time/Eventually.cs",
        "Portcullis.Testing/Faults/FaultInjector.cs",
        "Portcullis.Testing/Faults/SlowStream.cs",
        "Portcullis.Tests/Soaks/SoakDriver.cs",
        "Portcullis.Tests/Hardening/Soak/SoakEditor.cs",
        "Portcullis.Tests/Hardening/Soak/SoakEngineProcess.cs",
        "Portcullis.Tests/Agent/ReloadTimes.cs",
    ];

    [Test]
    public void An_assertion_that_returns_a_task_is_awaited() =>
        Assert.That(Lines(Unawaited()).Where(l => !l.Contains("=> Assert.", StringComparison.Ordinal)), Is.Empty, "one that is not awaited cannot fail");

    [Test]
    public void No_test_waits_for_a_fixed_time() =>
        Assert.That(Lines(Sleeps()).Where(l => !MayWait.Any(m => l.StartsWith($"tests/{m}:", StringComparison.Ordinal))), Is.Empty, "poll with Eventually");

    private static IEnumerable<string> Lines(Regex which) =>
        from file in Directory.EnumerateFiles(RepositoryFolder.Combine("tests"), "*.cs", SearchOption.AllDirectories)
        let name = Path.GetRelativePath(RepositoryFolder.Path, file)
        where !name.Contains("/Portcullis.Benchmarks/", StringComparison.Ordinal) && !name.EndsWith("/TestLawTests.cs", StringComparison.Ordinal)
        from line in File.ReadLines(file).Select((text, i) => (Text: text, Number: i + 1))
        where which.IsMatch(line.Text)
        select $"{name}:{line.Number}: {line.Text.Trim()}";

    [GeneratedRegex(@"(?<!await )\bAssert\.(ThrowsAsync|CatchAsync|DoesNotThrowAsync|ThatAsync|MultipleAsync)\b")]
    private static partial Regex Unawaited();

    [GeneratedRegex(@"\bThread\.Sleep\b|\bTask\.Delay\((?!Timeout\.Infinite)")]
    private static partial Regex Sleeps();
}
