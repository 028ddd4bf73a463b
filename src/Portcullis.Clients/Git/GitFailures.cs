using System.Globalization;
using System.Text.RegularExpressions;

namespace Portcullis.Clients.Git;

/// <summary>
/// Reads what git wrote to stderr. git tells kinds of failure in words only; LC_ALL=C keeps them the same everywhere, and the tests
/// pin each against the real program.
/// </summary>
internal static partial class GitFailures
{
    private const int MessageLimit = 400;

    private static readonly (GitFailure Failure, string[] Words)[] Table =
    [
        (GitFailure.Unsupported, ["mismatched algorithms"]),
        (GitFailure.Disk, ["No space left on device", "Disk quota exceeded", "Read-only file system", "unable to create temporary file", "write error"]),
        (GitFailure.NotAllowed, ["transport '", "not allowed", "unable to update url base from redirection", "redirect", "The requested URL returned error: 301", "The requested URL returned error: 302", "The requested URL returned error: 307", "The requested URL returned error: 308"]),
        (GitFailure.Denied, ["Authentication failed", "could not read Username", "could not read Password", "Permission denied", "Host key verification failed", "error: 401", "error: 403", "certificate", "terminal prompts disabled", "dubious ownership", "invalid format", "error in libcrypto"]),
        (GitFailure.Unreachable, ["Could not resolve host", "Connection refused", "Connection timed out", "Failed to connect", "Connection reset", "Couldn't connect", "Network is unreachable", "No route to host", "early EOF", "unexpected disconnect", "hung up unexpectedly", "error: 5", "error: 429", "SSL_ERROR", "gnutls_handshake", "timed out", "Operation too slow"]),
        (GitFailure.NoReference, ["couldn't find remote ref", "not our ref", "bad object", "Needed a single revision", "unknown revision", "Not a valid object name", "bad revision"]),
        (GitFailure.NoRepository, ["does not appear to be a git repository", "not found", "error: 404", "No such file or directory", "does not exist", "Could not read from remote repository"]),
        (GitFailure.Damaged, ["not a git repository", "object file", "is corrupt", "unable to read", "bad signature", "invalid index-pack output", "missing blob", "missing tree", "missing commit", "Could not read ", "pack has", "loose object"]),
    ];

    public static GitException From(string command, int exitCode, string stderr)
    {
        var lines = stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Any(l => l.Contains("repository corruption on the remote side", StringComparison.Ordinal)))
        {
            return new GitException(GitFailure.RemoteDamaged, $"git {command}: the repository is damaged at its server, have git fsck run there: {Redact(stderr.Trim())}");
        }

        // What the server says about itself is no judgement of ours: its full disk or missing object is not our own.
        var ours = lines.Where(l => !l.StartsWith("remote:", StringComparison.Ordinal)).ToList();
        var failure = GitFailure.Other;
        foreach (var (candidate, words) in Table)
        {
            if (words.Any(w => ours.Any(l => l.Contains(w, StringComparison.Ordinal))))
            {
                failure = candidate;
                break;
            }
        }

        if (HostKeyTrouble(lines) is { } trouble)
        {
            return new GitException(GitFailure.Denied, $"git {command}: {Redact(trouble)}");
        }

        var telling = lines.Where(l => !l.StartsWith("Please make sure", StringComparison.Ordinal) && !l.StartsWith("and the repository exists", StringComparison.Ordinal)
            && !l.StartsWith("warning:", StringComparison.Ordinal) && !l.StartsWith("hint:", StringComparison.Ordinal)).Distinct().Take(4);
        var text = Redact(string.Join("; ", telling.Select(l => l.StartsWith("fatal: ", StringComparison.Ordinal) ? l["fatal: ".Length..] : l)));
        return new GitException(failure, $"git {command}: {(text.Length == 0 ? Ended(exitCode) : text)}");
    }

    /// <summary>What is said of a repository with SHA-256 hashes, which libgit2 cannot read.</summary>
    public static GitException ForeignHashes(string repository) => new(
        GitFailure.Unsupported,
        $"{repository}: the object format sha256 is not supported: push the content to a repository that was made with git init --object-format=sha1");

    /// <summary>Takes user parts out of URLs and cuts the text: whatever a server sends may end up here.</summary>
    public static string Redact(string text)
    {
        var clean = new string([.. UserInfo().Replace(text, "$1").Select(c => char.IsControl(c) ? ' ' : c)]);
        return clean.Length <= MessageLimit ? clean : clean[..MessageLimit] + "…";
    }

    /// <summary>.NET tells of signal n as exit code 128 + n, like a shell.</summary>
    private static string Ended(int exitCode) => exitCode > 128
        ? string.Create(CultureInfo.InvariantCulture, $"was ended by signal {exitCode - 128}")
        : string.Create(CultureInfo.InvariantCulture, $"ended with exit code {exitCode} and without a word");

    /// <summary>ssh says in twelve lines and a frame of at signs that the server is not the one expected.</summary>
    private static string? HostKeyTrouble(string[] lines)
    {
        if (lines.Any(l => l.Contains("REMOTE HOST IDENTIFICATION HAS CHANGED", StringComparison.Ordinal)))
        {
            var shown = lines.FirstOrDefault(l => l.StartsWith("SHA256:", StringComparison.Ordinal))?.TrimEnd('.') ?? "of another fingerprint";
            return $"Host key verification failed: the server shows the key {shown}, which is not the one in known_hosts";
        }

        return lines.FirstOrDefault(l => l.Contains(" host key is known for ", StringComparison.Ordinal)) is { } unknown
            ? $"Host key verification failed: known_hosts does not name the server: {unknown}"
            : null;
    }

    [GeneratedRegex(@"([a-z][a-z0-9+.-]*://)[^/@\s]*@", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex UserInfo();
}
