using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Portcullis.Tests.Architecture;

/// <summary>The id of a log event finds its message, in every log of the program.</summary>
[TestFixture]
internal sealed class EventIdTests
{
    private const BindingFlags Declared = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    [Test]
    public void No_two_log_messages_have_the_same_event_id() =>
        Assert.That(
            Messages().GroupBy(m => m.Event.EventId).Where(g => g.Skip(1).Any()).Select(g => $"{g.Key}: {string.Join(", ", g.Select(m => m.Where))}"),
            Is.Empty);

    [Test]
    public void Every_log_message_has_an_event_id() => Assert.That(Messages().Where(m => m.Event.EventId <= 0).Select(m => m.Where), Is.Empty);

    [Test]
    public void The_messages_are_found() => Assert.That(Messages().Count(), Is.GreaterThan(20));

    private static IEnumerable<(LoggerMessageAttribute Event, string Where)> Messages() => SourceProjects.Names
        .SelectMany(p => SourceProjects.Load(p).GetTypes())
        .SelectMany(t => t.GetMethods(Declared))
        .Select(m => (m.GetCustomAttribute<LoggerMessageAttribute>()!, $"{m.DeclaringType!.FullName}.{m.Name}"))
        .Where(m => m.Item1 is not null);
}
