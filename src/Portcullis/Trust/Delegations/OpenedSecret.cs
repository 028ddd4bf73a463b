using Portcullis.Core.Trust;
using Portcullis.Secrets;
using Portcullis.Trust.Keys;

namespace Portcullis.Trust.Delegations;

/// <summary>A Secret with keys: what is known of it to the planner, and the private keys to sign with.</summary>
internal sealed record OpenedSecret(SecretKeys Keys, IReadOnlyList<TrustSigningKey> Private)
{
    private const string PassphraseKey = "passphrase";

    /// <summary>Each value that is PEM is read: private keys with the Secret's passphrase, certificates and public keys as they are.</summary>
    public static OpenedSecret Of(BoundSecret secret)
    {
        var keys = new List<TrustSigningKey>();
        var listed = new List<Core.Trust.Tuf.TufKey>();
        foreach (var (name, text) in secret.Data.Where(d => d.Value.Contains("-----BEGIN ", StringComparison.Ordinal)).OrderBy(d => d.Key, StringComparer.Ordinal))
        {
            var problem = text.Contains("PRIVATE KEY-----", StringComparison.Ordinal)
                ? Open(text, secret.Find(PassphraseKey), keys)
                : Read(text, listed);
            if (problem is not null)
            {
                return new OpenedSecret(SecretKeys.Unusable($"the key {name} of the Secret {secret.Name}: {problem}"), []);
            }
        }

        return new OpenedSecret(new SecretKeys([.. keys.Select(k => k.PublicKey)], listed), keys);
    }

    private static string? Open(string text, string? passphrase, List<TrustSigningKey> keys)
    {
        switch (NotaryKeyFile.Read(text, passphrase?.TrimEnd('\n', '\r')))
        {
            case KeyFile.Opened opened:
                keys.Add(opened.Key);
                return null;
            case KeyFile.Unusable unusable:
                return unusable.Message;
            default:
                return null;
        }
    }

    private static string? Read(string text, List<Core.Trust.Tuf.TufKey> listed)
    {
        var (key, problem) = TrustKeyText.Read(text, null);
        if (key is not null)
        {
            listed.Add(key);
        }

        return problem;
    }
}
