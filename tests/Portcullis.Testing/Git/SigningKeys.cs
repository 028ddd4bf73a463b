namespace Portcullis.Testing.Git;

/// <summary>Makes signing keys for a <see cref="GitWorkspace"/> with the real gpg and ssh-keygen, and makes its commits use them.</summary>
public static class SigningKeys
{
    /// <summary>Commits and tags are signed with a new SSH key from now on; returns the public key.</summary>
    public static string SignWithSsh(this GitWorkspace workspace, string name = "signer")
    {
        var key = Path.Combine(workspace.Root, name);
        workspace.Run("ssh-keygen", workspace.Root, "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", key);
        workspace.Git("config", "gpg.format", "ssh");
        workspace.Git("config", "user.signingkey", key + ".pub");
        workspace.Git("config", "commit.gpgsign", "true");
        workspace.Git("config", "tag.gpgsign", "true");
        return File.ReadAllText(key + ".pub");
    }

    /// <summary>Commits and tags are signed with a new GPG key from now on; returns the armored public key.</summary>
    public static string SignWithGpg(this GitWorkspace workspace, string name = "Ann")
    {
        var home = Directory.CreateTempSubdirectory("pg-").FullName; // gpg-agent's socket needs a short path
        workspace.SetEnvironment("GNUPGHOME", home);
        workspace.Run("gpg", workspace.Root, "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", $"{name} <{name.ToUpperInvariant()}@example.com>", "ed25519", "sign", "never");
        workspace.Git("config", "gpg.format", "openpgp");
        workspace.Git("config", "user.signingkey", $"{name.ToUpperInvariant()}@example.com");
        workspace.Git("config", "commit.gpgsign", "true");
        workspace.Git("config", "tag.gpgsign", "true");
        var armored = workspace.Run("gpg", workspace.Root, "--batch", "--armor", "--export");
        return armored;
    }

    /// <summary>Ends the agent that gpg started and removes its folder.</summary>
    public static void StopGpg(this GitWorkspace workspace)
    {
        workspace.Run("gpgconf", workspace.Root, "--kill", "gpg-agent");
        Directory.Delete(workspace.Run("gpgconf", workspace.Root, "--list-dirs", "homedir"), recursive: true);
    }
}
