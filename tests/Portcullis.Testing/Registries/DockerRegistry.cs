using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Portcullis.Clients.Registry;

namespace Portcullis.Testing.Registries;

/// <summary>A real docker-registry (2.8) of a test's own: on a loopback port, with its own data folder, stopped by its pid. It needs Debian's docker-registry.</summary>
public sealed partial class DockerRegistry : IAsyncDisposable
{
    public const string User = "ann";
    public const string Password = "s3cret";

    /// <summary>The password as bcrypt keeps it (32 rounds).</summary>
    public const string PasswordHash = "$2y$05$abcdefghijklmnopqrstuuLK7U1u6pVRmL7L1BBM2aS35PSZnDXlK";

    private const string PasswordLine = User + ":" + PasswordHash + "\n";

    private const string Program = "/usr/bin/docker-registry";
    /// <summary>
    /// The registry takes the place of the shell. Beside it somebody waits for the end of the test's process, which closes the pipe, and ends the
    /// registry that would otherwise be left.
    /// </summary>
    private const string Start = """
        exec 3<&0
        { cat; grep -q "$2" "/proc/$$/cmdline" && kill -KILL $$; } <&3 >/dev/null 2>&1 &
        exec "$1" serve "$2" >"$3" 2>&1 </dev/null 3<&-
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false, UseProxy = false, UseCookies = false };
    private readonly DockerRegistryOptions _options;
    private Process? _process;
    private int _port;

    private DockerRegistry(DockerRegistryOptions options)
    {
        _options = options;
        _port = options.Port;
        Folder = Directory.CreateTempSubdirectory("pr-").FullName;
    }

    /// <summary>Why no registry can be started here; null when one can.</summary>
    public static string? Missing { get; } = File.Exists(Program) ? null : "not run: docker-registry is not installed (apt-get install docker-registry)";

    public string Folder { get; }

    /// <summary>Where blobs and links lie, as docker-registry's filesystem driver lays them out.</summary>
    public string DataFolder => Path.Combine(Folder, "data");

    public string LogFile => Path.Combine(Folder, "registry.log");

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}/"));

    public RegistryEndpoint Endpoint => RegistryEndpoint.TryParse(Address.AbsoluteUri, allowPlainHttp: true)!;

    /// <summary>The pid of the process that was started last; null when it has ended.</summary>
    public int? Pid => _process is { HasExited: false } running ? running.Id : null;

    public static async Task<DockerRegistry> StartAsync(DockerRegistryOptions? options = null)
    {
        var registry = new DockerRegistry(options ?? new DockerRegistryOptions());
        try
        {
            await registry.StartAgainAsync();
            return registry;
        }
        catch
        {
            await registry.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client of it. Its options may say who it is.</summary>
    public RegistryClient Client(RegistryClientOptions? options = null) => RegistryClient.Create(Endpoint, _handler, options ?? new RegistryClientOptions());

    /// <summary>A client of it that goes through a proxy, or through a handler of the test's own.</summary>
    public RegistryClient Client(Uri through, RegistryClientOptions? options = null, HttpMessageHandler? handler = null) => RegistryClient.Create(
        RegistryEndpoint.TryParse(through.AbsoluteUri, allowPlainHttp: true)!, handler ?? _handler, options ?? new RegistryClientOptions());

    /// <summary>Starts it after <see cref="StopAsync"/>: on the same port, with what it had.</summary>
    public async Task StartAgainAsync()
    {
        var configuration = Path.Combine(Folder, "config.yml");
        await File.WriteAllTextAsync(configuration, Configuration());
        File.Delete(LogFile);
        var start = new ProcessStartInfo("/bin/sh", ["-c", Start, "sh", Program, configuration, LogFile]) { RedirectStandardInput = true };
        foreach (var variable in start.Environment.Keys.Where(k => k.StartsWith("REGISTRY_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(variable);
        }

        _process?.Dispose();
        _process = Process.Start(start)!;
        await Eventually.ComesAsync(async () => _process.HasExited || await ListensAsync(), Patience);
        if (Pid is null || _port == 0)
        {
            throw new InvalidOperationException($"docker-registry does not start: {(File.Exists(LogFile) ? await File.ReadAllTextAsync(LogFile) : "no log")}");
        }
    }

    /// <summary>Ends it by SIGTERM, or at once by SIGKILL.</summary>
    public async Task StopAsync(bool kill = false)
    {
        if (_process is { HasExited: false } running)
        {
            using var signal = Process.Start(new ProcessStartInfo("/bin/kill", [kill ? "-KILL" : "-TERM", running.Id.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true })!;
            await signal.WaitForExitAsync();
            await running.WaitForExitAsync();
            running.StandardInput.Close();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(kill: true);
        _process?.Dispose();
        _handler.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task<bool> ListensAsync()
    {
        var log = File.Exists(LogFile) ? await File.ReadAllTextAsync(LogFile) : "";
        if (ListeningLine().Match(log) is not { Success: true } line)
        {
            return false;
        }

        _port = int.Parse(line.Groups["port"].Value, CultureInfo.InvariantCulture);
        return true;
    }

    private string Configuration() => string.Create(CultureInfo.InvariantCulture, $"""
        version: 0.1
        log:
          level: info
          accesslog:
            disabled: true
        storage:
          filesystem:
            rootdirectory: {DataFolder}
          delete:
            enabled: {(_options.Deletes ? "true" : "false")}
          maintenance:
            uploadpurging:
              enabled: false
        http:
          addr: 127.0.0.1:{_port}
          secret: the same after every start
          relativeurls: {(_options.RelativeLocations ? "true" : "false")}
        {Authentication()}{Notifications()}
        """);

    private string Authentication()
    {
        if (_options.Tokens is { } tokens)
        {
            return $"""
                auth:
                  token:
                    realm: {tokens.Realm}
                    service: {tokens.Service}
                    issuer: {tokens.Issuer}
                    rootcertbundle: {tokens.RootCertificateBundle}

                """;
        }

        if (!_options.Passwords)
        {
            return "";
        }

        var file = Path.Combine(Folder, "htpasswd");
        File.WriteAllText(file, PasswordLine);
        return $"auth:\n  htpasswd:\n    realm: registry\n    path: {file}\n";
    }

    private string Notifications() => _options.Notifications is not { } url ? "" : $"""
        notifications:
          endpoints:
            - name: test
              url: {url}
              headers:
                Authorization: [{_options.NotificationsAuthorization ?? "none"}]
              timeout: 1s
              threshold: 3
              backoff: 100ms

        """;

    [GeneratedRegex(@"listening on 127\.0\.0\.1:(?<port>[0-9]+)")]
    private static partial Regex ListeningLine();
}
