using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Portcullis.Testing;
using Portcullis.Testing.Servers;

namespace Portcullis.Tests.Identity;

/// <summary>A real slapd of a test's own: people below ou=people,dc=example,dc=com, with plain LDAP and TLS on two loopback ports.</summary>
internal sealed class Slapd : IAsyncDisposable
{
    public const string Searcher = "cn=admin,dc=example,dc=com";
    public const string SearcherPassword = "searchers-password";

    private const string Content = """
        dn: dc=example,dc=com
        objectClass: dcObject
        objectClass: organization
        o: Example
        dc: example

        dn: ou=people,dc=example,dc=com
        objectClass: organizationalUnit
        ou: people

        dn: uid=lena,ou=people,dc=example,dc=com
        objectClass: inetOrgPerson
        cn: Lena
        sn: L
        uid: lena
        userPassword: lenas-password
        seeAlso: cn=dev,ou=groups,dc=example,dc=com
        seeAlso: cn=portcullis:acme,ou=groups,dc=example,dc=com

        dn: uid=odd\,name,ou=people,dc=example,dc=com
        objectClass: inetOrgPerson
        cn: Odd
        sn: O
        uid: odd,name
        userPassword: odds-password

        dn: uid=away,ou=people,dc=example,dc=com
        objectClass: referral
        objectClass: extensibleObject
        uid: away
        ref: ldap://127.0.0.1:1/uid=away,dc=example,dc=com

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("slapd").FullName;
    private Process? _process;

    private Slapd()
    {
        Port = FreePort();
        TlsPort = FreePort();
        using var certificate = LoopbackCertificate.Create();
        CertificatePem = certificate.ExportCertificatePem();
        File.WriteAllText(Path.Combine(_folder, "tls.crt"), CertificatePem);
        File.WriteAllText(Path.Combine(_folder, "tls.key"), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Why none can be started here; null when one can.</summary>
    public static string? Missing => File.Exists("/usr/sbin/slapd") ? null : "not run: slapd is not installed";

    public int Port { get; }

    public int TlsPort { get; }

    /// <summary>The authority of its certificate.</summary>
    public string CertificatePem { get; }

    public static async Task<Slapd> StartAsync()
    {
        var slapd = new Slapd();
        slapd.Write();
        await slapd.RunAsync("/usr/sbin/slapadd", "-f", slapd.Config, "-l", Path.Combine(slapd._folder, "content.ldif"));
        slapd.Start();
        await Eventually.HoldsAsync(slapd.AnswersAsync);
        return slapd;
    }

    /// <summary>Ends the server, as when a directory is away.</summary>
    public async Task StopAsync()
    {
        if (_process is { HasExited: false } running)
        {
            running.Kill();
            await running.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Config => Path.Combine(_folder, "slapd.conf");

    private void Write()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "data"));
        File.WriteAllText(Path.Combine(_folder, "content.ldif"), Content);
        File.WriteAllText(Config, $"""
            include /etc/ldap/schema/core.schema
            include /etc/ldap/schema/cosine.schema
            include /etc/ldap/schema/inetorgperson.schema
            modulepath /usr/lib/ldap
            moduleload back_mdb
            TLSCACertificateFile {_folder}/tls.crt
            TLSCertificateFile {_folder}/tls.crt
            TLSCertificateKeyFile {_folder}/tls.key
            database mdb
            suffix dc=example,dc=com
            rootdn {Searcher}
            rootpw {SearcherPassword}
            directory {_folder}/data
            maxsize 10485760
            access to attrs=userPassword by anonymous auth by * none
            access to * by self read by anonymous auth

            """);
    }

    private void Start() => _process = Process.Start(new ProcessStartInfo(
        "/usr/sbin/slapd", ["-f", Config, "-h", string.Create(CultureInfo.InvariantCulture, $"ldap://127.0.0.1:{Port}/ ldaps://127.0.0.1:{TlsPort}/"), "-d", "0"]));

    private async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, error);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, TlsPort);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
