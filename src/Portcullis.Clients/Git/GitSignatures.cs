using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Portcullis.Clients.Git;

/// <summary>Public keys that count: file name to content, <c>*.asc</c> for GPG and <c>*.sshpub</c> for SSH.</summary>
public sealed record GitKeyring(IReadOnlyDictionary<string, string> Files)
{
    public IEnumerable<string> Gpg => Files.Where(f => f.Key.EndsWith(".asc", StringComparison.Ordinal)).OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => f.Value);

    /// <summary>Tells one set of keys from another.</summary>
    public string Digest =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', Gpg.Append("\u0001").Concat(Ssh)))))[..16];

    public IEnumerable<string> Ssh => Files.Where(f => f.Key.EndsWith(".sshpub", StringComparison.Ordinal)).OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => f.Value);
}

/// <summary>
/// Verifies signatures with git itself against a keyring of our own: a GNUPGHOME and an allowed-signers file made from the given keys
/// alone, so that no key of the machine counts.
/// </summary>
public sealed partial class GitSignatures
{
    private readonly GitRunner _git;
    private readonly string _folder;

    internal GitSignatures(GitRunner git, string folder)
    {
        _git = git;
        _folder = folder;
    }

    /// <summary>The signature of a commit, or null with what is wrong.</summary>
    public Task<(GitSignature? Signature, string? Problem)> VerifyCommitAsync(string commit, GitKeyring keys, CancellationToken cancellationToken) =>
        VerifyAsync("verify-commit", commit, keys, cancellationToken);

    /// <summary>
    /// The signature of an annotated tag, or null with what is wrong. The name inside the signed tag must be the ref's: otherwise an
    /// old signed tag could be served under a new name.
    /// </summary>
    public async Task<(GitSignature? Signature, string? Problem)> VerifyTagAsync(string tag, string name, GitKeyring keys, CancellationToken cancellationToken)
    {
        var type = await _git.RunAsync(_folder, ["cat-file", "-t", tag], cancellationToken);
        if (type.Text.Trim() != "tag")
        {
            return (null, $"the tag {name} is not annotated, so it carries no signature");
        }

        var content = (await _git.RunAsync(_folder, ["cat-file", "tag", tag], cancellationToken)).Text;
        var signedName = content.Split('\n').FirstOrDefault(l => l.StartsWith("tag ", StringComparison.Ordinal))?[4..];
        return signedName == name
            ? await VerifyAsync("verify-tag", tag, keys, cancellationToken)
            : (null, $"the tag {name} was signed under the name {GitFailures.Redact(signedName ?? "")}");
    }

    private async Task<(GitSignature? Signature, string? Problem)> VerifyAsync(string command, string id, GitKeyring keys, CancellationToken cancellationToken)
    {
        var folder = await PrepareAsync(keys, cancellationToken);
        var output = await _git.RunAsync(
            _folder,
            [command, "--raw", id],
            cancellationToken,
            allowedExitCodes: [1],
            environment: e =>
            {
                e.Set("GNUPGHOME", folder);
                e.Configure("gpg.ssh.allowedSignersFile", Path.Combine(folder, "allowed_signers"));
            });
        var printed = output.Error + output.Text;
        if (output.ExitCode == 0)
        {
            if (GoodGpg().Match(printed) is { Success: true } good && ValidGpg().Match(printed) is { Success: true } valid)
            {
                return (new GitSignature(valid.Groups["key"].Value, GitFailures.Redact(good.Groups["user"].Value)), null);
            }

            if (GoodSsh().Match(printed) is { Success: true } ssh)
            {
                return (new GitSignature(ssh.Groups["key"].Value, null), null);
            }
        }

        return (null, Problem(id, printed));
    }

    private static string Problem(string id, string printed)
    {
        if (MissingGpg().Match(printed) is { Success: true } missing)
        {
            return $"{id[..12]} is signed by the unknown GPG key {missing.Groups["key"].Value}";
        }

        if (BadGpg().Match(printed) is { Success: true } bad)
        {
            return $"{id[..12]}: the signature is {Word(bad.Groups["how"].Value)}, GPG key {bad.Groups["key"].Value}";
        }

        if (AnySsh().Match(printed) is { Success: true } ssh)
        {
            return $"{id[..12]} is signed by the SSH key {ssh.Groups["key"].Value}, which is not among those allowed";
        }

        var text = printed.Trim();
        return text.Length == 0 || text.Contains("no signature", StringComparison.Ordinal)
            ? $"{id[..12]} is not signed"
            : $"{id[..12]}: the signature does not verify: {GitFailures.Redact(text)}";
    }

    private static string Word(string status) => status switch
    {
        "EXPKEYSIG" => "by an expired key",
        "EXPSIG" => "expired",
        "REVKEYSIG" => "by a revoked key",
        _ => "bad",
    };

    /// <summary>The folder made from these keys; made once for a set of keys.</summary>
    private async Task<string> PrepareAsync(GitKeyring keys, CancellationToken cancellationToken)
    {
        _git.Prepare();
        var folder = Path.Combine(_git.Options.CacheFolder, CacheFolders.Keys, keys.Digest);
        var ready = Path.Combine(folder, "allowed_signers");
        if (File.Exists(ready))
        {
            return folder;
        }

        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var (key, index) in keys.Gpg.Select((key, index) => (key, index)))
        {
            var file = Path.Combine(folder, $"key{index}.asc");
            await File.WriteAllTextAsync(file, key, cancellationToken);
            using var environment = new GitEnvironment(_git.Options);
            environment.Set("GNUPGHOME", folder);
            using var gpg = GitProcess.Start(
                "gpg", null, ["--batch", "--no-tty", "--no-autostart", "--quiet", "--import", "--", file], environment, cancellationToken);
            var output = await gpg.FinishAsync(1024 * 1024, cancellationToken);
            if (output.ExitCode != 0)
            {
                throw new GitException(GitFailure.Denied, $"gpg cannot read key {index + 1} of the keyring: {GitFailures.Redact(output.Error.Trim())}");
            }
        }

        // Any name, but only for signing in Git. Written last: it marks the folder as complete.
        var lines = keys.Ssh.SelectMany(k => k.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Where(k => !k.StartsWith('#'))
            .Select(k => "* namespaces=\"git\" " + k);
        var part = ready + ".part";
        await File.WriteAllTextAsync(part, string.Join('\n', lines) + "\n", cancellationToken);
        File.Move(part, ready, overwrite: true);
        return folder;
    }

    [GeneratedRegex(@"^\[GNUPG:\] GOODSIG [0-9A-F]+ (?<user>.*)$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex GoodGpg();

    [GeneratedRegex(@"^\[GNUPG:\] VALIDSIG (?<key>[0-9A-F]{40,64}) ", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex ValidGpg();

    [GeneratedRegex(@"^\[GNUPG:\] (ERRSIG|NO_PUBKEY) (?<key>[0-9A-F]+)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex MissingGpg();

    [GeneratedRegex(@"^\[GNUPG:\] (?<how>BADSIG|EXPSIG|EXPKEYSIG|REVKEYSIG) (?<key>[0-9A-F]+)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex BadGpg();

    [GeneratedRegex(@"^Good ""git"" signature for .* with \S+ key (?<key>SHA256:\S+)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex GoodSsh();

    [GeneratedRegex(@"key (?<key>SHA256:[A-Za-z0-9+/=]+)", RegexOptions.CultureInvariant)]
    private static partial Regex AnySsh();
}
