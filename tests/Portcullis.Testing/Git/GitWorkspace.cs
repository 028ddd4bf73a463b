using System.Diagnostics;

namespace Portcullis.Testing.Git;

/// <summary>A real Git repository in a temporary folder, worked on with the real program as a developer would.</summary>
public sealed class GitWorkspace : IDisposable
{
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    public GitWorkspace(string objectFormat = "sha1")
    {
        Root = Directory.CreateTempSubdirectory("portcullis-test-git-").FullName;
        Folder = Path.Combine(Root, "repository");
        Directory.CreateDirectory(Folder);
        Cache = Path.Combine(Root, "cache");
        Git("init", "--quiet", "--initial-branch=main", "--object-format=" + objectFormat);
        Git("config", "user.name", "Ann");
        Git("config", "user.email", "ann@example.com");
        Git("config", "commit.gpgsign", "false");
    }

    /// <summary>Everything of this test; removed at its end.</summary>
    public string Root { get; }

    /// <summary>The repository with its work tree.</summary>
    public string Folder { get; }

    /// <summary>An empty place for a cache.</summary>
    public string Cache { get; }

    public string Head => Git("rev-parse", "HEAD");

    /// <summary>Environment of later git commands (GNUPGHOME, GIT_AUTHOR_NAME).</summary>
    public void SetEnvironment(string name, string value) => _environment[name] = value;

    public GitWorkspace Write(string path, string content)
    {
        var file = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        return this;
    }

    public GitWorkspace Write(string path, byte[] content)
    {
        var file = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, content);
        return this;
    }

    public GitWorkspace Remove(string path)
    {
        File.Delete(Path.Combine(Folder, path));
        return this;
    }

    /// <summary>Commits everything and returns the commit.</summary>
    public string Commit(string message = "change", params string[] options)
    {
        Git("add", "--all");
        Git(["commit", "--quiet", "--allow-empty", "-m", message, .. options]);
        return Head;
    }

    public string Git(params string[] arguments) => Run("git", Folder, arguments);

    /// <summary>Runs a line of shell in the repository, for what takes a pipe.</summary>
    public string Shell(string line) => Run("sh", Folder, "-c", line);

    /// <summary>Runs a program to its end and returns what it printed; throws when it fails.</summary>
    public string Run(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        foreach (var (name, value) in _environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var errors = process.StandardError;
        using var outputs = process.StandardOutput;
        var error = errors.ReadToEndAsync();
        var output = outputs.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.TrimEnd()
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error.GetAwaiter().GetResult()}{output}");
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
