using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Portcullis.Testing.Notaries;

/// <summary>The real notary client (0.7), with a trust folder of a test's own: what somebody does by hand.</summary>
public sealed class NotaryClientProgram : IDisposable
{
    /// <summary>Of every key in the folder.</summary>
    public const string Passphrase = "a-passphrase";

    private const string Program = "/usr/bin/notary";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Uri _server;

    /// <param name="server">Its <c>-s</c>.</param>
    public NotaryClientProgram(Uri server) => _server = server;

    public static string? Missing { get; } = File.Exists(Program) ? null : "not run: the notary client is not installed (apt-get install notary)";

    /// <summary>Its <c>-d</c>: keys below <c>private</c>, what it has verified below <c>tuf</c>.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("pc-").FullName;

    /// <summary>The authority of the server's certificate, a file; null for those of the machine.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary><c>USER:PASSWORD</c>; null for nobody.</summary>
    public string? Credentials { get; init; }

    /// <summary>Each <c>.key</c> file: its name is the key's canonical id.</summary>
    public IReadOnlyList<string> KeyFiles => Directory.Exists(PrivateFolder) ? Directory.GetFiles(PrivateFolder, "*.key") : [];

    private string PrivateFolder => Path.Combine(Folder, "private");

    /// <summary>The canonical ids of the keys of a role, of all names.</summary>
    public IReadOnlyList<string> KeyIdsOf(string role) =>
        [.. KeyFiles.Where(f => File.ReadLines(f).Contains($"role: {role}")).Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    public Task<NotaryResult> RunAsync(params string[] arguments) => RunAsync("", arguments);

    /// <summary>Rotates the root key, which the client asks about once more.</summary>
    public async Task RotateRootAsync(string gun) => (await RunAsync("yes\n", ["key", "rotate", gun, "root"])).Succeeded();

    private async Task<NotaryResult> RunAsync(string input, string[] arguments)
    {
        string[] authority = AuthorityFile is null ? [] : ["--tlscacert", AuthorityFile];
        var start = new ProcessStartInfo(Program, ["-s", _server.AbsoluteUri.TrimEnd('/'), "-d", Folder, .. authority, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var role in (string[])["ROOT", "TARGETS", "SNAPSHOT", "DELEGATION"])
        {
            start.Environment[$"NOTARY_{role}_PASSPHRASE"] = Passphrase;
        }

        if (Credentials is { } credentials)
        {
            start.Environment["NOTARY_AUTH"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials));
        }

        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Patience);
        return new NotaryResult(process.ExitCode, await output + await error);
    }

    /// <summary>Signs an image: its digest under a tag, in the roles that are named (<c>targets</c> when none is), and publishes.</summary>
    public async Task SignAsync(string gun, string tag, string digest, long length, params string[] roles)
    {
        string[] named = roles.Length == 0 ? [] : ["-r", string.Join(',', roles)];
        var size = length.ToString(CultureInfo.InvariantCulture);
        (await RunAsync(["addhash", gun, tag, size, "--sha256", digest.Replace("sha256:", "", StringComparison.Ordinal), .. named, "-p"])).Succeeded();
    }

    /// <summary>A new key of somebody and its certificate, as files; the key is unencrypted PKCS#8, the form that <c>key import</c> takes.</summary>
    public (string Key, string Certificate) NewKeyPair(string name, AsymmetricAlgorithm? algorithm = null)
    {
        using var own = algorithm is null ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : null;
        var key = algorithm ?? own!;
        var request = key is RSA rsa
            ? new CertificateRequest($"CN={name}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest($"CN={name}", (ECDsa)key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddMinutes(-5), now.AddYears(2));
        var (keyFile, certificateFile) = (Path.Combine(Folder, $"{name}-key.pem"), Path.Combine(Folder, $"{name}.pem"));
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        return (keyFile, certificateFile);
    }

    /// <summary>Puts somebody's key into this folder, so that it signs for a delegation.</summary>
    public async Task ImportAsync(string keyFile, string role) => (await RunAsync("key", "import", keyFile, "-r", role)).Succeeded();

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
