using System.Globalization;
using System.Text;

namespace Portcullis.Clients.Git;

/// <summary>
/// The whole environment of a git process: nothing of ours leaks in but PATH and proxies, no configuration of the machine or a user
/// counts, no hook or helper runs, no prompt appears. Credentials travel in it, bound to their host, and so are on no command line.
/// </summary>
internal sealed class GitEnvironment : IDisposable
{
    private static readonly string[] Inherited =
        ["PATH", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR", "TMPDIR"];

    private readonly List<(string Key, string Value)> _configuration =
    [
        ("core.hooksPath", "/dev/null"),
        ("core.fsmonitor", "false"),
        ("core.quotePath", "false"),
        ("protocol.ext.allow", "never"),
        ("http.followRedirects", "false"),
        ("credential.helper", ""),
        ("submodule.recurse", "false"),
        ("fetch.recurseSubmodules", "false"),
        ("gc.auto", "0"),
        ("maintenance.auto", "false"),
        ("log.showSignature", "false"),
        ("gpg.x509.program", "/bin/false"),
        ("advice.detachedHead", "false"),
    ];

    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);
    private string? _secretFolder;

    public GitEnvironment(GitOptions options)
    {
        foreach (var name in Inherited)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
            {
                _variables[name] = value;
            }
        }

        var home = Path.Combine(options.CacheFolder, CacheFolders.Home);
        _variables["HOME"] = home;
        _variables["XDG_CONFIG_HOME"] = home;
        _variables["LC_ALL"] = "C";
        _variables["GIT_CONFIG_NOSYSTEM"] = "1";
        _variables["GIT_CONFIG_GLOBAL"] = Path.Combine(home, "gitconfig");
        _variables["GIT_ATTR_NOSYSTEM"] = "1";
        _variables["GIT_TERMINAL_PROMPT"] = "0";
        _variables["GIT_ASKPASS"] = "/bin/false";
        _variables["SSH_ASKPASS"] = "/bin/false";
        _variables["GIT_NO_REPLACE_OBJECTS"] = "1";
        _variables["GIT_OPTIONAL_LOCKS"] = "0";
        _variables["GIT_PROTOCOL_FROM_USER"] = "0";
        _variables["GIT_ALLOW_PROTOCOL"] = options.AllowLocal ? "https:ssh:file" : "https:ssh";
        _variables["GIT_SSH_VARIANT"] = "ssh";
        _variables["GIT_DEFAULT_HASH"] = "sha1"; // whatever a newer git takes for a new repository: libgit2 reads these
        _variables["GIT_DEFAULT_REF_FORMAT"] = "files";
    }

    public void Configure(string key, string value) => _configuration.Add((key, value));

    public void Set(string name, string value) => _variables[name] = value;

    /// <summary>Lets the process speak for us to this remote, and to no other.</summary>
    /// <param name="remote">The remote.</param>
    /// <param name="controlPath">The socket of a kept connection to it; null when there is none.</param>
    public void Authenticate(GitRemote remote, string? controlPath = null)
    {
        if (remote.Url.Transport == GitTransport.Https)
        {
            var scope = $"http.https://{remote.Url.Host}/";
            var header = remote.Credentials switch
            {
                GitCredentials.Basic basic => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{basic.User}:{basic.Password}")),
                GitCredentials.Bearer bearer => "Bearer " + bearer.Token,
                _ => null,
            };
            if (header is not null)
            {
                Configure(scope + ".extraHeader", "Authorization: " + header);
            }

            if (remote.CertificateAuthority is { } authority)
            {
                Configure(scope + ".sslCAInfo", SecretFile("ca.crt", authority));
            }
        }
        else if (remote.Url.Transport == GitTransport.Ssh)
        {
            var (identity, hosts) = SshFiles(remote);
            Set("GIT_SSH_COMMAND", SshArguments.Command(identity, hosts, remote.Timeout, controlPath));
        }
    }

    /// <summary>The arguments of ssh for a connection to this remote that several commands use.</summary>
    public IEnumerable<string> MasterArguments(GitRemote remote, string controlPath, string ready)
    {
        var (identity, hosts) = SshFiles(remote);
        return SshArguments.Master(remote.Url, identity, hosts, remote.Timeout, controlPath, ready);
    }

    private (string Identity, string Hosts) SshFiles(GitRemote remote) =>
        remote.Credentials is GitCredentials.Ssh ssh && !string.IsNullOrWhiteSpace(ssh.Identity) && !string.IsNullOrWhiteSpace(ssh.KnownHosts)
            ? (SecretFile("identity", ssh.Identity.TrimEnd() + "\n"), SecretFile("known_hosts", ssh.KnownHosts.TrimEnd() + "\n"))

            // ssh would fall back to the keys and known hosts of whoever runs this program.
            : throw new GitException(GitFailure.Denied, "ssh needs a private key and the server's host keys (known_hosts)");

    /// <summary>Name and value of every variable, configuration included.</summary>
    public IEnumerable<KeyValuePair<string, string>> Variables()
    {
        foreach (var variable in _variables)
        {
            yield return variable;
        }

        yield return new("GIT_CONFIG_COUNT", _configuration.Count.ToString(CultureInfo.InvariantCulture));
        for (var i = 0; i < _configuration.Count; i++)
        {
            yield return new(string.Create(CultureInfo.InvariantCulture, $"GIT_CONFIG_KEY_{i}"), _configuration[i].Key);
            yield return new(string.Create(CultureInfo.InvariantCulture, $"GIT_CONFIG_VALUE_{i}"), _configuration[i].Value);
        }
    }

    public void Dispose()
    {
        if (_secretFolder is not null && Directory.Exists(_secretFolder))
        {
            Directory.Delete(_secretFolder, recursive: true);
        }
    }

    /// <summary>In the temporary folder with mode 0600, gone with this environment; ssh reads keys from files only.</summary>
    private string SecretFile(string name, string content)
    {
        _secretFolder ??= Directory.CreateTempSubdirectory("portcullis-git-").FullName; // mode 0700
        var path = Path.Combine(_secretFolder, name);
        using var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        stream.Write(Encoding.UTF8.GetBytes(content));
        return path;
    }
}
