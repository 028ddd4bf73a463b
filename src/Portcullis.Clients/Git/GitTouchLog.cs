using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Portcullis.Clients.Git;

/// <summary>
/// Asks the git program which commits touched which paths: with its paths limited beforehand it needs a twentieth of the time that
/// comparing the trees of commit after commit takes.
/// </summary>
internal sealed class GitTouchLog(GitRunner git, string folder)
{
    /// <summary>
    /// Which commits gave paths below a folder their blobs, newest first; the caller stops reading when it knows enough.
    /// Merges that took one side whole do not count: the commit on that side does.
    /// </summary>
    public async IAsyncEnumerable<GitTouch> ReadAsync(
        string commit, string? since, string path, int commitLimit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var process = git.Start(folder, Arguments(commit, since, path, commitLimit), cancellationToken);
        string[] head = ["", ""];
        string? pendingBlob = null;
        await foreach (var token in ReadTokensAsync(process.Output, cancellationToken))
        {
            var text = token.TrimStart('\n');
            if (pendingBlob is not null)
            {
                yield return new GitTouch(token, pendingBlob, head[0], head[1]);
                pendingBlob = null;
            }
            else if (text.StartsWith('\u0001'))
            {
                head = text[1..].TrimEnd('\n').Split('\u0002', 2);
                head[1] = GitNames.Author(head[1]);
            }
            else if (text.StartsWith(':'))
            {
                // :<modes> <ids> <status>; a merge has one more colon, mode and id a parent. The last id is the result.
                var fields = text.Split(' ');
                pendingBlob = fields[^2];
            }
        }

        await process.CompleteAsync(cancellationToken);
    }

    private static List<string> Arguments(string commit, string? since, string path, int commitLimit)
    {
        List<string> arguments =
        [
            "log", "--no-show-signature", "--raw", "-z", "--no-renames", "--no-abbrev", "-c", "--topo-order", "--format=%x01%H%x02%an <%ae>",
            string.Create(CultureInfo.InvariantCulture, $"--max-count={commitLimit}"), commit,
        ];
        if (since is not null)
        {
            arguments.Add("^" + since);
        }

        arguments.Add("--");
        if (path.Length > 0)
        {
            arguments.Add(":(top,literal)" + path);
        }

        return arguments;
    }

    private static async IAsyncEnumerable<string> ReadTokensAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        var kept = new List<byte>();
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            {
                var start = 0;
                for (var at = 0; at < read; at++)
                {
                    if (buffer[at] == 0)
                    {
                        kept.AddRange(buffer.AsSpan(start, at - start));
                        yield return Encoding.UTF8.GetString([.. kept]);
                        kept.Clear();
                        start = at + 1;
                    }
                }

                kept.AddRange(buffer.AsSpan(start, read - start));
            }

            if (kept.Count > 0)
            {
                yield return Encoding.UTF8.GetString([.. kept]);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
