using System.Diagnostics;
using Portcullis.Clients.Git;

namespace Portcullis.Clients.Tests.Git;

/// <summary>What ssh itself says that it would do.</summary>
internal sealed class SshArgumentsTests
{
    /// <summary>The file may be gone: its folder is deleted with the command that it was made for.</summary>
    [Test]
    public async Task No_key_but_the_given_one_is_offered_even_when_that_is_missing()
    {
        var printed = await ConfigurationAsync("/nowhere/identity");
        Assert.Multiple(() =>
        {
            Assert.That(printed.Where(l => l.StartsWith("identityfile ", StringComparison.Ordinal)), Is.EqualTo(new[] { "identityfile /nowhere/identity" }));
            Assert.That(printed, Has.Some.EqualTo("identitiesonly yes").And.Some.EqualTo("identityagent none"));
        });
    }

    [Test]
    public async Task Nothing_is_forwarded_asked_or_taken_from_the_machine()
    {
        string[] expected =
        [
            "stricthostkeychecking true", "userknownhostsfile /nowhere/known_hosts", "globalknownhostsfile /dev/null", "batchmode yes", "forwardagent no",
            "forwardx11 no", "permitlocalcommand no", "tunnel false", "verifyhostkeydns false", "canonicalizehostname false", "controlmaster false",
        ];
        var printed = await ConfigurationAsync("/nowhere/identity");
        Assert.That(printed, Is.SupersetOf(expected));
        Assert.That(printed.Where(l => l.StartsWith("proxycommand", StringComparison.Ordinal) || l.StartsWith("proxyjump", StringComparison.Ordinal) || l.StartsWith("sendenv", StringComparison.Ordinal)), Is.Empty);
    }

    private static async Task<IReadOnlyList<string>> ConfigurationAsync(string identity)
    {
        var command = SshArguments.Command(identity, "/nowhere/known_hosts", TimeSpan.FromSeconds(10), null);
        using var ssh = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"{command} -G git@git.example"]) { RedirectStandardOutput = true })!;
        var printed = await ssh.StandardOutput.ReadToEndAsync();
        await ssh.WaitForExitAsync();
        return printed.Split('\n');
    }
}
