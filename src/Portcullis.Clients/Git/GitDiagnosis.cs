using System.Text;

namespace Portcullis.Clients.Git;

/// <summary>
/// Has the git program read what libgit2 could not. It says why when it cannot either; it fetches what a partial clone has left out; and
/// where it succeeds, libgit2 is worth another try.
/// </summary>
internal sealed class GitDiagnosis(GitRunner git, string folder)
{
    /// <summary>Throws when the repository is none, or none that is read here.</summary>
    public async Task CheckFormatAsync(CancellationToken cancellationToken)
    {
        var output = await git.RunAsync(folder, ["rev-parse", "--show-object-format"], cancellationToken);
        if (output.Text.Trim() != "sha1")
        {
            throw GitFailures.ForeignHashes(folder);
        }
    }

    public async Task ReadAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        await CheckFormatAsync(cancellationToken);
        await git.RunAsync(folder, arguments, cancellationToken);
    }

    /// <summary>Throws for the first object that is not there.</summary>
    public async Task FindAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        await CheckFormatAsync(cancellationToken);
        var output = await git.RunAsync(
            folder, ["cat-file", "--batch-check=%(objectname)", "--buffer"], cancellationToken, input: Encoding.ASCII.GetBytes(string.Join('\n', ids) + "\n"));
        var missing = output.Text.Split('\n').FirstOrDefault(l => l.EndsWith(" missing", StringComparison.Ordinal));
        if (missing is not null)
        {
            throw new GitException(GitFailure.Damaged, $"git cat-file: object {missing[..^" missing".Length]} is missing");
        }
    }
}
