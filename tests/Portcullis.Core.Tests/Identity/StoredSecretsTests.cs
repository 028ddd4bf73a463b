using Portcullis.Core.Access;
using Portcullis.Core.Identity;

namespace Portcullis.Core.Tests.Identity;

/// <summary>What Secrets say of passwords and access tokens.</summary>
[TestFixture]
internal sealed class StoredSecretsTests
{
    private const string Hash = "$2y$05$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";

    private static readonly string Token = AccessTokenText.Of("anns-laptop", new byte[AccessTokenText.SecretLength]);

    [Test]
    public void A_password_stands_under_its_users_key_or_in_the_lines_of_a_file()
    {
        var hashes = PasswordHashes.Read(
        [
            new("ann", $" {Hash}\n"),
            new("bob", $"bob:{Hash}"),
            new("htpasswd", $"eve@example.com:{Hash}\r\nci:platform/shop:{Hash}\n\n# nothing\nann:{Hash[..^1]}x\n"),
        ]);
        Assert.That(hashes.Keys, Is.EquivalentTo(new[] { "ann", "bob", "eve@example.com", "ci:platform/shop" }));
        Assert.That(hashes["ann"], Is.EqualTo(Hash), "the key of his own counts before a line");
    }

    [TestCase("")]
    [TestCase("password")]
    [TestCase("{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=")]
    [TestCase("$apr1$zW3o8d9f$0123456789012345678901")]
    [TestCase("$2y$15$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy", Description = "takes seconds to check")]
    [TestCase("$2y$03$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy")]
    [TestCase("$2x$05$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy")]
    public void What_is_no_bcrypt_hash_is_no_password(string value) => Assert.That(PasswordHashes.Read([new("ann", value)]), Is.Empty);

    [Test]
    public void A_token_names_the_Secret_with_its_digest()
    {
        Assert.That(AccessTokenText.TryGetName(Token, out var name), Is.True);
        Assert.That(name, Is.EqualTo("anns-laptop"));
        Assert.That(AccessTokenText.Matches(Token, AccessTokenText.DigestOf(Token)), Is.True);
        Assert.That(AccessTokenText.Matches(Token + "0", AccessTokenText.DigestOf(Token)), Is.False);
        Assert.That(AccessTokenText.Matches(Token, ""), Is.False);
    }

    [TestCase("")]
    [TestCase("pct_")]
    [TestCase("pct_a_0")]
    [TestCase("pct__0000000000000000000000000000000000000000000000000000000000000000")]
    [TestCase("pct_../x_0000000000000000000000000000000000000000000000000000000000000000")]
    [TestCase("xct_a_0000000000000000000000000000000000000000000000000000000000000000")]
    public void What_has_another_form_is_no_token(string text) => Assert.That(AccessTokenText.TryGetName(text, out _), Is.False);

    [Test]
    public void A_Secret_says_whose_token_it_is_and_what_it_gives_at_most()
    {
        var record = Read("ann", ("permission", "readWrite"), ("repositories", "acme/*, tools/x\nother/y"), ("expiresAt", "2027-01-31T00:00:00Z"))!;
        Assert.Multiple(() =>
        {
            Assert.That(record.User, Is.EqualTo("ann"));
            Assert.That(record.Limit.Permission, Is.EqualTo(RepositoryPermission.ReadWrite));
            Assert.That(record.Limit.Repositories, Is.EqualTo(new[] { "acme/*", "tools/x", "other/y" }));
            Assert.That(record.HasExpired(new DateTimeOffset(2027, 1, 30, 23, 59, 59, TimeSpan.Zero)), Is.False);
            Assert.That(record.HasExpired(new DateTimeOffset(2027, 1, 31, 0, 0, 0, TimeSpan.Zero)), Is.True);
        });
        var least = Read("", ("user", "ann@example.com"))!;
        Assert.That((least.User, least.Limit.Permission, least.ExpiresAt), Is.EqualTo(("ann@example.com", RepositoryPermission.Read, (DateTimeOffset?)null)));
    }

    [TestCase("permission", "everything")]
    [TestCase("permission", "Admin")]
    [TestCase("expiresAt", "soon")]
    [TestCase("sha256", "0")]
    [TestCase("user", " ")]
    public void What_is_not_clear_is_no_token(string key, string value) => Assert.That(Read("ann", (key, value)), Is.Null);

    [Test]
    public void A_token_for_no_repository_is_for_none() => Assert.That(Read("ann", ("repositories", " "))!.Limit.Covers("acme/shop"), Is.False);

    private static AccessTokenRecord? Read(string label, params (string Key, string Value)[] more)
    {
        var data = new Dictionary<string, string> { [AccessTokenRecord.DigestKey] = AccessTokenText.DigestOf(Token) };
        foreach (var (key, value) in more)
        {
            data[key] = value;
        }

        return AccessTokenRecord.Read("anns-laptop", label, data.GetValueOrDefault);
    }
}
