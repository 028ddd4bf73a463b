using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Portcullis.Identity.Directories;

/// <summary>Writes authorities' certificates where libldap can read them: it takes folders alone. Removed at the end of the process.</summary>
internal sealed class TrustFolders : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<string>> _folders = new(StringComparer.Ordinal);

    /// <summary>A folder, readable for this user alone, with just these certificates.</summary>
    /// <param name="pem">Certificates in PEM.</param>
    public string Of(string pem) => _folders.GetOrAdd(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(pem))), _ => new Lazy<string>(() => Write(pem))).Value;

    public void Dispose()
    {
        foreach (var folder in _folders.Values.Where(f => f.IsValueCreated).Select(f => f.Value))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                // It lies in the temporary folder.
            }
        }
    }

    private static string Write(string pem)
    {
        var folder = Directory.CreateTempSubdirectory("portcullis-ldap-").FullName;
        File.WriteAllText(Path.Combine(folder, "ca.pem"), pem);
        return folder;
    }
}
