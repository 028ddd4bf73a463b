using Portcullis.Admission;
using Portcullis.Gateway;

namespace Portcullis.Up;

/// <summary>The certificate of the gateway of <c>portcullis up</c>, for this machine's own names, by an authority of its own; kept in the state folder and renewed in time.</summary>
internal sealed class GatewayCertificate(StateFolder state, TimeProvider time)
{
    private static readonly string[] Names = ["localhost", "127.0.0.1", "::1"];

    private string Folder => state.Folder("gateway");

    private string CertificateFile => Path.Combine(Folder, "tls.crt");

    private string KeyFile => Path.Combine(Folder, "tls.key");

    /// <summary>What clients trust; also served under <c>/ca</c>.</summary>
    public string AuthorityFile => Path.Combine(Folder, "ca.crt");

    /// <summary>Makes it at the first start, and anew when a third of its life is left.</summary>
    public CertificateFiles Ensure()
    {
        if (!IsUsable())
        {
            var made = ServingCertificate.Create(Names, time.GetUtcNow());
            File.WriteAllText(AuthorityFile, made.Authority);
            File.WriteAllText(KeyFile, made.Key);
            File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.WriteAllText(CertificateFile, made.Certificate);
        }

        return new CertificateFiles(CertificateFile, KeyFile, AuthorityFile);
    }

    private bool IsUsable() =>
        File.Exists(CertificateFile) && File.Exists(KeyFile) && File.Exists(AuthorityFile)
        && new ServingCertificate(File.ReadAllText(CertificateFile), File.ReadAllText(KeyFile), File.ReadAllText(AuthorityFile), "kept").IsUsable(Names, time.GetUtcNow());
}
