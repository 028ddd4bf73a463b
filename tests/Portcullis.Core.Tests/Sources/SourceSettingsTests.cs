using Portcullis.Core.Sources;

namespace Portcullis.Core.Tests.Sources;

/// <summary>The settings of a source, and what they are when it does not say.</summary>
public class SourceSettingsTests
{
    private static readonly GitSourceSpec Plain = new() { Url = "https://git.example.com/a" };

    [Test]
    public void What_is_not_said_is_as_its_description_promises()
    {
        Assert.That(Plain.Interval(), Is.EqualTo(TimeSpan.FromMinutes(1)));
        Assert.That(Plain.GitTimeout(), Is.EqualTo(TimeSpan.FromSeconds(60)));
        Assert.That(Plain.RetryAfter(), Is.EqualTo(TimeSpan.FromSeconds(15)));
        Assert.That(Plain.Folder(), Is.Empty);
        Assert.That(PruneBudget.From(null), Is.EqualTo(new PruneBudget(true, 20, 100)));
    }

    [Test]
    public void What_is_said_counts()
    {
        var said = Plain with { Interval = "5m", Timeout = "10s", RetryInterval = "2s", Path = "/clusters/./a/" };
        Assert.That(said.Interval(), Is.EqualTo(TimeSpan.FromMinutes(5)));
        Assert.That(said.GitTimeout(), Is.EqualTo(TimeSpan.FromSeconds(10)));
        Assert.That(said.RetryAfter(), Is.EqualTo(TimeSpan.FromSeconds(2)));
        Assert.That(said.Folder(), Is.EqualTo("clusters/a"));
        Assert.That(PruneBudget.From(new PrunePolicy { Enabled = false, MaxCount = 3, MaxPercent = 10 }), Is.EqualTo(new PruneBudget(false, 3, 10)));
    }

    [Test]
    public void What_is_followed_is_said_in_one_line()
    {
        Assert.That(Plain.Observed(), Is.EqualTo("https://git.example.com/a branch main"));
        Assert.That((Plain with { Ref = new GitReference { Branch = "next" } }).Observed(), Is.EqualTo("https://git.example.com/a branch next"));
        Assert.That((Plain with { Ref = new GitReference { Tag = "v1" } }).Observed(), Is.EqualTo("https://git.example.com/a tag v1"));
        Assert.That((Plain with { Ref = new GitReference { Semver = ">=1" } }).Observed(), Is.EqualTo("https://git.example.com/a semver >=1"));
        Assert.That((Plain with { Ref = new GitReference { Branch = "next", Commit = "abc" } }).Observed(), Is.EqualTo("https://git.example.com/a commit abc"));
    }
}
