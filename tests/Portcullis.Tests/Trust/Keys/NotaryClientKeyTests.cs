using System.Security.Cryptography;
using System.Text;
using Portcullis.Testing.Notaries;
using Portcullis.Trust.Keys;

namespace Portcullis.Tests.Trust.Keys;

/// <summary>The files of the real notary client, both ways.</summary>
[TestFixture]
internal sealed class NotaryClientKeyTests : NotaryServerFixture
{
    [Test]
    public async Task Each_key_file_of_the_client_is_read_under_the_id_that_it_is_named_for()
    {
        using var client = new NotaryClientProgram(Server.Address);
        (await client.RunAsync("init", "registry.example/a/keys", "-p")).Succeeded();
        Assert.That(client.KeyFiles, Has.Count.EqualTo(3));
        var roles = new List<string?>();
        foreach (var file in client.KeyFiles)
        {
            var read = (KeyFile.Opened)NotaryKeyFile.Read(await File.ReadAllTextAsync(file), NotaryClientProgram.Passphrase);
            using var key = read.Key;
            Assert.That(key.PublicKey.CanonicalId, Is.EqualTo(Path.GetFileNameWithoutExtension(file)));
            Assert.That(read.Gun, Is.EqualTo(read.Role == "root" ? null : "registry.example/a/keys"));
            roles.Add(read.Role);
        }

        Assert.That(roles, Is.EquivalentTo(new[] { "root", "targets", "snapshot" }));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task The_client_signs_with_the_keys_that_we_write(bool rsa)
    {
        const string Gun = "registry.example/a/written";
        var gun = Gun + (rsa ? "-rsa" : "");
        using var key = rsa ? TrustSigningKey.Of(RSA.Create(2048)) : TrustSigningKey.Create();
        using var client = new NotaryClientProgram(Server.Address);
        (await client.RunAsync("init", gun, "-p")).Succeeded();
        var file = Path.Combine(client.Folder, "ours.pem");
        await File.WriteAllTextAsync(file, NotaryKeyFile.Write(key, NotaryClientProgram.Passphrase, "targets", gun));
        (await client.RunAsync("key", "import", file)).Succeeded();

        (await client.RunAsync("key", "rotate", gun, "targets", "-k", file)).Succeeded();
        await client.SignAsync(gun, "1.0", $"sha256:{new string('1', 64)}", 1);

        using var reader = new NotaryClientProgram(Server.Address);
        Assert.That((await reader.RunAsync("list", gun)).Succeeded(), Does.Contain("1.0"));
    }

    [Test]
    public async Task The_client_knows_the_ed25519_keys_that_we_write_and_we_those_that_it_writes()
    {
        using var key = TrustSigningKey.OfEd25519(SHA256.HashData(Encoding.UTF8.GetBytes("a seed")));
        using var client = new NotaryClientProgram(Server.Address);
        var file = Path.Combine(client.Folder, "ours.pem");
        await File.WriteAllTextAsync(file, NotaryKeyFile.Write(key, NotaryClientProgram.Passphrase, "ci", null));
        (await client.RunAsync("key", "import", file)).Succeeded();

        Assert.That((await client.RunAsync("key", "list")).Succeeded(), Does.Contain(key.PublicKey.CanonicalId[..20]));
    }
}
