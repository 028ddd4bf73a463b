using System.Security.Cryptography;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Tests.Signing;

/// <summary>A public key of somebody, as an Organization has it.</summary>
internal sealed class UserKey
{
    public UserKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Pem = key.ExportSubjectPublicKeyInfoPem();
    }

    public string Pem { get; }

    /// <summary>In one line, for YAML in double quotes.</summary>
    public string Quoted => Pem.Replace("\n", "\\n", StringComparison.Ordinal);

    public string Id => TufKeyText.Read(Pem).Key!.CanonicalId;
}
