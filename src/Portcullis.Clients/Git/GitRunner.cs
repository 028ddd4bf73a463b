namespace Portcullis.Clients.Git;

/// <summary>Runs git commands under the house rules: own environment, a time limit, an output limit, failures as <see cref="GitException"/>.</summary>
internal sealed class GitRunner(GitOptions options, TimeProvider time)
{
    private static readonly TimeSpan LocalTimeout = TimeSpan.FromSeconds(60);

    public GitOptions Options => options;

    /// <summary>Makes the folders that every command needs.</summary>
    public void Prepare()
    {
        var configuration = Path.Combine(options.CacheFolder, CacheFolders.Home, "gitconfig");
        try
        {
            CacheFolders.Prepare(options.CacheFolder);
            if (!File.Exists(configuration))
            {
                // git reads this one setting from files only, and asks it of whoever serves a local repository.
                File.WriteAllText(configuration, options.AllowLocal ? "[safe]\n\tdirectory = *\n" : "");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GitException(GitFailure.Disk, $"cannot write the cache {options.CacheFolder}: {e.Message}", e);
        }
    }

    /// <summary>Runs a command on a repository; throws when it exits with anything but 0 and the allowed codes.</summary>
    public async Task<GitOutput> RunAsync(
        string? folder, IReadOnlyList<string> arguments, CancellationToken cancellationToken, GitRemote? remote = null, IReadOnlyList<int>? allowedExitCodes = null,
        Action<GitEnvironment>? environment = null, byte[]? input = null, string? controlPath = null)
    {
        Prepare();
        using var settings = new GitEnvironment(options);
        if (remote is not null)
        {
            settings.Authenticate(remote, controlPath);
        }

        environment?.Invoke(settings);
        var limit = remote?.Timeout ?? LocalTimeout;
        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var process = GitProcess.Start(options.Program, folder, arguments, settings, either.Token);
            var output = await process.FinishAsync(options.OutputLimit, either.Token, input);
            return output.ExitCode == 0 || allowedExitCodes?.Contains(output.ExitCode) == true ? output : throw GitFailures.From(arguments[0], output.ExitCode, output.Error);
        }
        catch (Exception e) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            throw new GitException(GitFailure.Unreachable, $"git {arguments[0]}: no answer within {limit.TotalSeconds:0.#} s", e);
        }
    }

    /// <summary>Starts a command whose output the caller reads as it comes.</summary>
    public GitProcess Start(string folder, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        Prepare();
        using var settings = new GitEnvironment(options);
        return GitProcess.Start(options.Program, folder, arguments, settings, cancellationToken);
    }
}
