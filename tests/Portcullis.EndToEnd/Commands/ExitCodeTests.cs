using System.Text.Json.Nodes;
using Portcullis.EndToEnd.Programs;
using Portcullis.Testing;
using Portcullis.Testing.Git;

namespace Portcullis.EndToEnd.Commands;

/// <summary>
/// The exit codes that scripts branch by (docs/architecture.md, "Commands"): 0 done, 1 a finding, 2 wrong usage or input, 3 something outside
/// was unreachable; errors on the error stream, in the user's words, without a stack.
/// </summary>
[TestFixture]
internal sealed class ExitCodeTests
{
    private const string Dead = """
        apiVersion: v1
        kind: Config
        clusters: [{name: a, cluster: {server: "https://127.0.0.1:9"}}]
        users: [{name: a, user: {token: secret}}]
        contexts: [{name: a, context: {cluster: a, user: a}}]
        current-context: a
        """;

    private string _folder = "";

    [OneTimeSetUp]
    public void MakeFiles()
    {
        _folder = Directory.CreateTempSubdirectory("px-").FullName;
        Directory.CreateDirectory(Path.Combine(_folder, "bad"));
        Directory.CreateDirectory(Path.Combine(_folder, "empty"));
        File.WriteAllText(Path.Combine(_folder, "bad", "org.yaml"), Manifests.Organization("acme", "web", "ann").Replace("users:", "user:", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(_folder, "dead"), Dead);
        File.WriteAllText(Path.Combine(_folder, "astray"), Dead.Replace("current-context: a", "current-context: b", StringComparison.Ordinal));
    }

    [OneTimeTearDown]
    public void RemoveFiles() => Directory.Delete(_folder, recursive: true);

    [TestCase(0, "", "--version")]
    [TestCase(0, "", "validate {examples}")]
    [TestCase(0, "", "plan {examples}")]
    [TestCase(0, "", "crds --out {folder}/crds")]
    [TestCase(0, "", "completion bash")]
    [TestCase(1, "", "validate {folder}/bad")]
    [TestCase(1, "", "plan {folder}/bad")]
    [TestCase(2, "Required command was not provided", "")]
    [TestCase(2, "'frobnicate'", "frobnicate")]
    [TestCase(2, "'--frob'", "up --frob")]
    [TestCase(2, "'validate'", "validate")]
    [TestCase(2, "nowhere: there is no such file or folder", "validate nowhere")]
    [TestCase(2, "is not in a Git repository", "validate {folder}/bad --revision main")]
    [TestCase(2, "'yaml' not recognized", "validate {examples} --output yaml")]
    [TestCase(2, "nowhere: there is no such kubeconfig", "plan {examples} --kubeconfig nowhere")]
    [TestCase(2, "there is no context 'b'", "plan {examples} --kubeconfig {folder}/astray")]
    [TestCase(2, "nowhere: there is no such kubeconfig", "operator --kubeconfig nowhere")]
    [TestCase(2, "there is no context 'other'", "operator --kubeconfig {folder}/dead --context other")]
    [TestCase(2, "'70000' is not a port", "operator --health-port 70000")]
    [TestCase(2, "'many' is not a port", "up --api-port many")]
    [TestCase(2, "nowhere: there is no such kubeconfig", "agent --kubeconfig nowhere")]
    [TestCase(2, "{folder}/empty is not a Git repository", "up --source {folder}/empty")]
    [TestCase(2, "--engine and --daemon-json must be given together", "up --engine unix:///x")]
    [TestCase(2, "'5x' is not a duration", "up --interval 5x")]
    [TestCase(2, "'tcsh' not recognized", "completion tcsh")]
    [TestCase(2, "'--state' is required", "apiserver")]
    [TestCase(3, "cannot reach the server", "plan {examples} --kubeconfig {folder}/dead")]
    [TestCase(3, "cannot reach the server", "operator --kubeconfig {folder}/dead --root-url https://git.example.com/platform.git")]
    [TestCase(3, "cannot reach the server", "uninstall --yes --kubeconfig {folder}/dead")]
    [TestCase(2, "there is no terminal to ask on", "uninstall --kubeconfig {folder}/dead")]
    [TestCase(2, "--timeout: \"soon\" is not a duration", "uninstall --timeout soon")]
    public async Task A_command_ends_with_the_code_for_what_happened(int code, string error, string line)
    {
        var ended = await RunAsync(line);
        Assert.Multiple(() =>
        {
            Assert.That(ended.Code, Is.EqualTo(code), ended.Output + ended.Error);
            Assert.That(ended.Error, error.Length == 0 ? Is.Empty : Does.StartWith("portcullis: ").And.Contains(Fill(error)));
            Assert.That(ended.Error, Does.Not.Contain("   at ").And.Not.Contain("secret"));
        });
    }

    [TestCase("validate {examples} --output json", true)]
    [TestCase("validate {folder}/bad -o json", false)]
    [TestCase("plan {examples} -o json", true)]
    [TestCase("plan {folder}/bad -o json", false)]
    public async Task Json_is_all_that_is_printed_and_says_whether_it_is_valid(string line, bool valid)
    {
        var ended = await RunAsync(line);
        Assert.That(JsonNode.Parse(ended.Output)!["valid"]!.GetValue<bool>(), Is.EqualTo(valid));
    }

    [TestCase("")]
    [TestCase("up")]
    [TestCase("operator")]
    [TestCase("agent")]
    [TestCase("apiserver")]
    [TestCase("validate")]
    [TestCase("plan")]
    [TestCase("uninstall")]
    [TestCase("crds")]
    [TestCase("completion")]
    public async Task Help_says_what_it_does_and_names_every_value(string command)
    {
        var (code, output, error) = await RunAsync($"{command} --help");
        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.StartWith("Description:\n").And.Contain(command.Length > 0 ? "Examples:\n  " : "Commands:\n"));
        Assert.That(output, Does.Not.Match("--[a-z-]+ <[a-z-]+>"), "a value is named in capitals, or by what it may be");
    }

    [Test]
    public async Task A_run_that_does_not_converge_in_its_time_ends_with_1_and_tells_what_is_missing()
    {
        using var git = new GitWorkspace();
        git.Write("a.yaml", Manifests.Grant("lost", "User", "ann", "ViewOnly", "/nowhere")).Commit();
        var (code, output, error) = await RunAsync(
            $"up --source {git.Folder} --state {git.Root}/s --once --within 60 --output json --without engine registry notary");
        Assert.That(code, Is.EqualTo(1), output + error);
        Assert.That(JsonNode.Parse(output)!.AsArray().Select(r => r!["kind"]!.GetValue<string>()), Does.Contain("GitSource"));
        Assert.That(error, Does.Contain("portcullis: not ready: GitSource/root: ").And.Contain("a.yaml:"));
    }

    private Task<(int Code, string Output, string Error)> RunAsync(string line) =>
        PortcullisProcess.RunAsync([.. Fill(line).Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

    private string Fill(string text) => text
        .Replace("{folder}", _folder, StringComparison.Ordinal)
        .Replace("{examples}", RepositoryFolder.Combine("examples"), StringComparison.Ordinal);
}
