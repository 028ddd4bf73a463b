using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Portcullis.Clients.Git;

/// <summary>Reads one repository on disk: a mirror, or a user's own for <c>validate</c> and <c>plan</c>. Never writes.</summary>
public sealed class GitRepository
{
    private readonly GitRunner _git;

    internal GitRepository(GitRunner git, string folder)
    {
        _git = git;
        Folder = folder;
    }

    /// <summary>A user's repository, for reading.</summary>
    public GitRepository(GitOptions options, string folder, TimeProvider time)
        : this(new GitRunner(options, time), folder)
    {
    }

    /// <summary>The folder that holds objects and refs.</summary>
    public string Folder { get; }

    /// <summary>The commit that a name stands for; null when there is none, nor a repository yet.</summary>
    public async Task<string?> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(Folder, "HEAD")))
        {
            return null;
        }

        var output = await _git.RunAsync(
            Folder, ["rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}"], cancellationToken, allowedExitCodes: [1]);
        var text = output.Text.Trim();
        return output.ExitCode == 0 && text.Length == 40 ? text : null;
    }

    public async Task<GitCommit> ReadCommitAsync(string commit, CancellationToken cancellationToken)
    {
        var output = await _git.RunAsync(
            Folder, ["log", "-1", "--no-show-signature", "--format=%H%x00%an <%ae>%x00%ct%x00%s", "--end-of-options", commit, "--"], cancellationToken);
        var parts = output.Text.TrimEnd('\n').Split('\0');
        return parts.Length == 4
            ? new GitCommit(parts[0], parts[1], DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[2], CultureInfo.InvariantCulture)), parts[3])
            : throw new GitException(GitFailure.Damaged, $"git log: cannot read commit {commit}");
    }

    /// <summary>Whether history leads from the first commit to the second. False as well when either is not here.</summary>
    public async Task<bool> IsAncestorAsync(string ancestor, string commit, CancellationToken cancellationToken)
    {
        var output = await _git.RunAsync(Folder, ["merge-base", "--is-ancestor", ancestor, commit], cancellationToken, allowedExitCodes: [1, 128]);
        return output.ExitCode == 0;
    }

    /// <summary>Every file, symlink and submodule below a folder (empty: all), in git's order.</summary>
    public async Task<IReadOnlyList<GitTreeEntry>> ReadTreeAsync(string commit, string path, CancellationToken cancellationToken)
    {
        List<string> arguments = ["ls-tree", "-r", "-z", "--full-tree", commit, "--"];
        if (path.Length > 0)
        {
            arguments.Add(":(literal)" + path);
        }

        var output = await _git.RunAsync(Folder, arguments, cancellationToken);
        var entries = new List<GitTreeEntry>();
        foreach (var line in output.Text.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            // <mode> <type> <id>\t<path>
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            var fields = line[..tab].Split(' ');
            var type = fields[0] switch
            {
                "120000" => GitEntryType.Symlink,
                "160000" => GitEntryType.Submodule,
                _ => GitEntryType.File,
            };
            entries.Add(new GitTreeEntry(line[(tab + 1)..], fields[2], type));
        }

        return entries;
    }

    /// <summary>The blobs in the order asked for, by one process; larger ones come without content.</summary>
    public async IAsyncEnumerable<GitBlob> ReadBlobsAsync(
        IReadOnlyCollection<string> ids, int sizeLimit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            yield break;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var process = _git.Start(Folder, ["cat-file", "--batch", "--buffer"], stop.Token);
        var writing = WriteIdsAsync(process.Input, ids, stop.Token);
        await using var buffered = new BufferedStream(process.Output, 64 * 1024);
        var reader = new BatchReader(buffered);
        foreach (var id in ids)
        {
            yield return await NextAsync(process, reader, id, sizeLimit, cancellationToken);
        }

        await writing;
        await process.CompleteAsync(cancellationToken);
    }

    /// <summary>
    /// Which commits gave paths below a folder their blobs, newest first; the caller stops reading when it knows enough.
    /// Merges that took one side whole do not count: the commit on that side does.
    /// </summary>
    public async IAsyncEnumerable<GitTouch> ReadTouchesAsync(
        string commit, string? since, string path, int commitLimit, [EnumeratorCancellation] CancellationToken cancellationToken)
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

        using var process = _git.Start(Folder, arguments, cancellationToken);
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

    /// <summary>A git that ends early says why itself, or was killed: neither means that the repository is damaged.</summary>
    private static async Task<GitBlob> NextAsync(GitProcess process, BatchReader reader, string id, int sizeLimit, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(id, sizeLimit, cancellationToken);
        }
        catch (EndOfStreamException e)
        {
            await process.CompleteAsync(cancellationToken);
            throw new GitException(GitFailure.Other, $"git cat-file: ended before object {id}", e);
        }
    }

    private static async Task WriteIdsAsync(Stream input, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        try
        {
            var text = new StringBuilder(ids.Count * 41);
            foreach (var id in ids)
            {
                text.Append(id).Append('\n');
            }

            await input.WriteAsync(Encoding.ASCII.GetBytes(text.ToString()), cancellationToken);
            input.Close();
        }
        catch (IOException)
        {
            // git ended early: reading its output tells why.
        }
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

    /// <summary>
    /// Reads the answers of <c>cat-file --batch</c>: <c>id type size\n</c>, content, <c>\n</c>; or <c>id missing\n</c>. Throws
    /// <see cref="EndOfStreamException"/> where there is no more.
    /// </summary>
    private sealed class BatchReader(BufferedStream stream)
    {
        public async Task<GitBlob> ReadAsync(string id, int sizeLimit, CancellationToken cancellationToken)
        {
            var header = ReadLine().Split(' ');
            if (header.Length != 3 || !long.TryParse(header[2], NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            {
                throw new GitException(GitFailure.Damaged, $"git cat-file: object {id} is missing");
            }

            if (size > sizeLimit)
            {
                await SkipAsync(size + 1, cancellationToken);
                return new GitBlob(id, size, null);
            }

            var content = new byte[size];
            await stream.ReadExactlyAsync(content, cancellationToken);
            await SkipAsync(1, cancellationToken);
            return new GitBlob(id, size, content);
        }

        private string ReadLine()
        {
            var line = new StringBuilder(64);
            int next;
            while ((next = stream.ReadByte()) != '\n' && line.Length < 1024)
            {
                line.Append(next >= 0 ? (char)next : throw new EndOfStreamException());
            }

            return line.ToString();
        }

        private async Task SkipAsync(long count, CancellationToken cancellationToken)
        {
            var waste = ArrayPool<byte>.Shared.Rent((int)Math.Min(count, 64 * 1024));
            try
            {
                while (count > 0)
                {
                    var read = await stream.ReadAsync(waste.AsMemory(0, (int)Math.Min(count, waste.Length)), cancellationToken);
                    if (read == 0)
                    {
                        throw new EndOfStreamException();
                    }

                    count -= read;
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(waste);
            }
        }
    }
}
