using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Portcullis.Testing.Programs;
using Portcullis.Testing.Servers;

namespace Portcullis.Testing.Notaries;

/// <summary>A real notary-signer of a test's own: it holds the keys of timestamps and snapshots in memory, apart from the server. It needs Debian's notary.</summary>
public sealed class NotarySigner : IAsyncDisposable
{
    private const string Program = "/usr/bin/notary-signer";

    private readonly string _folder;
    private readonly int _port;
    private readonly OwnedServer _process;

    private NotarySigner(string folder, int port, OwnedServer process) => (_folder, _port, _process) = (folder, port, process);

    public static string? Missing { get; } = File.Exists(Program) ? null : "not run: notary-signer is not installed (apt-get install notary)";

    public static async Task<NotarySigner> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("ps-").FullName;
        WriteCertificate(folder);
        var port = LoopbackServer.FreePort();
        var configuration = Path.Combine(folder, "signer.json");
        await File.WriteAllTextAsync(configuration, Configuration(folder, port).ToJsonString());
        try
        {
            var process = await OwnedServer.StartAsync(Program, configuration, Path.Combine(folder, "log"), port, "-logf", "logfmt");
            return new NotarySigner(folder, port, process);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The <c>trust_service</c> of a notary-server that uses it.</summary>
    internal JsonObject ServiceFor(string keyAlgorithm) => new()
    {
        ["type"] = "remote",
        ["hostname"] = "127.0.0.1",
        ["port"] = _port.ToString(CultureInfo.InvariantCulture),
        ["key_algorithm"] = keyAlgorithm,
        ["tls_ca_file"] = Path.Combine(_folder, "both.crt"),
        ["tls_client_cert"] = Path.Combine(_folder, "both.crt"),
        ["tls_client_key"] = Path.Combine(_folder, "both.key"),
    };

    private static JsonObject Configuration(string folder, int port) => new()
    {
        ["server"] = new JsonObject
        {
            ["grpc_addr"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"),
            ["tls_cert_file"] = Path.Combine(folder, "both.crt"),
            ["tls_key_file"] = Path.Combine(folder, "both.key"),
            ["client_ca_file"] = Path.Combine(folder, "both.crt"),
        },
        ["storage"] = new JsonObject { ["backend"] = "memory" },
        ["logging"] = new JsonObject { ["level"] = "warn" },
    };

    /// <summary>One certificate for both ends, and its own authority.</summary>
    private static void WriteCertificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=notary of a test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddMinutes(-5), now.AddDays(1));
        File.WriteAllText(Path.Combine(folder, "both.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "both.key"), key.ExportPkcs8PrivateKeyPem());
    }
}
