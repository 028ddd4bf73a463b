using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portcullis.Clients.Notary;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Testing.Notaries;
using Portcullis.Trust.Keys;

namespace Portcullis.Benchmarks.Trusting;

/// <summary>
/// A real notary-server with one name that the real client has signed: 20 tags in targets, one in a delegation. Its root certificate is for all names
/// below a prefix, so that the same files are valid under each of them.
/// </summary>
internal sealed class SignedNames : IAsyncDisposable
{
    public const string Prefix = "registry.example/team/";
    public const string Gun = Prefix + "app";
    public const int Tags = 20;

    private IReadOnlyList<string>? _roots;

    private SignedNames(NotaryServer server, NotaryClientProgram client) => (Server, Client) = (server, client);

    public NotaryServer Server { get; }

    public NotaryClientProgram Client { get; }

    public static async Task<SignedNames> CreateAsync()
    {
        var server = await NotaryServer.StartAsync();
        var names = new SignedNames(server, new NotaryClientProgram(server.Address));
        await names.SignAsync();
        return names;
    }

    public TrustAnchor AnchorOf(string gun) => new(gun, _roots ??= Client.KeyIdsOf("root"));

    /// <summary>Every file of the name, by its name on the server.</summary>
    public async Task<IReadOnlyDictionary<string, byte[]>> FilesAsync()
    {
        var files = new Dictionary<string, byte[]>();
        foreach (var role in (string[])["root", "timestamp", "snapshot", "targets", "targets/ci"])
        {
            var bytes = (await Server.Client().GetAsync(Gun, MetadataName.Latest(role), 1024 * 1024, CancellationToken.None))!;
            files[MetadataName.Latest(role).ToString()] = bytes;
            files[MetadataName.OfChecksum(role, Convert.ToHexStringLower(SHA256.HashData(bytes))).ToString()] = bytes;
        }

        return files;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }

    private async Task SignAsync()
    {
        var (key, certificate) = await RootAsync();
        (await Client.RunAsync("init", Gun, "--rootkey", key, "--rootcert", certificate, "-p")).Succeeded();
        var (signer, signers) = Client.NewKeyPair("ci");
        await Client.ImportAsync(signer, "user");
        (await Client.RunAsync("delegation", "add", Gun, "targets/ci", signers, "--all-paths")).Succeeded();
        for (var tag = 0; tag < Tags; tag++)
        {
            (await Client.RunAsync("addhash", Gun, tag.ToString(CultureInfo.InvariantCulture), "1234", "--sha256", new string('a', 64))).Succeeded();
        }

        (await Client.RunAsync("publish", Gun)).Succeeded();
        await Client.SignAsync(Gun, "signed", $"sha256:{new string('b', 64)}", 1234, "targets/ci");
    }

    private async Task<(string Key, string Certificate)> RootAsync()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Prefix}*", ecdsa, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddYears(10));
        var (keyFile, certificateFile) = (Path.Combine(Client.Folder, "root.key"), Path.Combine(Client.Folder, "root.crt"));
        using var key = TrustSigningKey.Of(ECDsa.Create(ecdsa.ExportParameters(true)));
        await File.WriteAllTextAsync(keyFile, NotaryKeyFile.Write(key, NotaryClientProgram.Passphrase, "root", null));
        await File.WriteAllTextAsync(certificateFile, certificate.ExportCertificatePem());
        return (keyFile, certificateFile);
    }
}
