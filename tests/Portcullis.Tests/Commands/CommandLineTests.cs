using System.CommandLine;
using Portcullis.Commands;
using Portcullis.Errors;

namespace Portcullis.Tests.Commands;

[TestFixture]
internal sealed class CommandLineTests
{
    [Test]
    public async Task Wrong_usage_is_exit_2_with_a_hint_and_without_a_stack_trace()
    {
        var (code, output, error) = await RunAsync("frobnicate");
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.EqualTo(2));
            Assert.That(output, Is.Empty);
            Assert.That(error, Does.Contain("frobnicate").And.Contain("portcullis --help").And.Not.Contain("   at "));
        });
    }

    [Test]
    public async Task Help_ends_with_examples()
    {
        var (code, output, _) = await RunAsync("completion", "--help");
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("Examples:").And.Contain("source <(portcullis completion bash)"));
    }

    [TestCase("bash", "complete -o default -F _portcullis portcullis")]
    [TestCase("zsh", "#compdef portcullis")]
    [TestCase("fish", "complete -c portcullis")]
    public async Task Completion_prints_a_script_for_the_shell(string shell, string telltale)
    {
        var (code, output, _) = await RunAsync("completion", shell);
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain(telltale));
    }

    [Test]
    public async Task The_script_gets_its_suggestions_from_the_program_itself()
    {
        var (code, output, _) = await RunAsync("[suggest:14]", "portcullis com");
        Assert.That(code, Is.Zero);
        Assert.That(output.Trim(), Is.EqualTo("completion"));
    }

    [Test]
    public async Task Nothing_that_begins_with_a_slash_is_suggested_or_taken_for_help()
    {
        var (_, output, _) = await RunAsync("[suggest:11]", "portcullis ");
        Assert.That(output.Split('\n'), Has.None.StartsWith("/").And.Some.EqualTo("--help"));
        Assert.That((await RunAsync("/?")).Code, Is.EqualTo(2));
    }

    [Test]
    public async Task An_expected_failure_is_one_line_and_its_own_exit_code()
    {
        var failing = new Command("fail");
        failing.SetAction((_, _) => Task.FromException<int>(new CommandException(ExitCode.Unreachable, "https://example.com: no answer; check the address")));
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(["fail"], output, error, [failing]);
        Assert.That(code, Is.EqualTo(3));
        Assert.That(error.ToString(), Is.EqualTo("portcullis: https://example.com: no answer; check the address\n"));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(args, output, error, [CompletionCommand.Create()]);
        return (code, output.ToString(), error.ToString());
    }
}
