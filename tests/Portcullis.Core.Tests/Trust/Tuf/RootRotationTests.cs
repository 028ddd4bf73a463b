using System.Text;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Testing.Trust;

namespace Portcullis.Core.Tests.Trust.Tuf;

/// <summary>Which roots are believed.</summary>
[TestFixture]
internal sealed class RootRotationTests
{
    /// <summary>A leaf for the usual name. The framework makes no such certificates any more.</summary>
    private const string SignedWithSha1 = """
        -----BEGIN CERTIFICATE-----
        MIIBoTCCAUegAwIBAgIUZ0k37dQ8UrLn2wzn2sDKgAm46tkwCQYHKoZIzj0EATAo
        MSYwJAYDVQQDDB1yZWdpc3RyeS5leGFtcGxlLmNvbS90ZWFtL2FwcDAeFw0yNjEy
        MDEwMzA3MTBaFw00NjExMjYwMzA3MTBaMCgxJjAkBgNVBAMMHXJlZ2lzdHJ5LmV4
        YW1wbGUuY29tL3RlYW0vYXBwMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEo6Mx
        nKhn5eq14f9qHbggDBCg8VYFKOGPgJSAToVp61qrs4kRAj4V1lYggGnYcgencsgF
        D5DLnVeaUqv+SyrtJKNQME4wHQYDVR0OBBYEFC0kj+JRA/E78faIcllMFj/X9KDd
        MB8GA1UdIwQYMBaAFC0kj+JRA/E78faIcllMFj/X9KDdMAwGA1UdEwEB/wQCMAAw
        CQYHKoZIzj0EAQNJADBGAiEA9PPyaRugXvaDh6RR22TPzRE0HCjFV8F2XRWi0Wor
        zRACIQDhr65wiPFnI7CSNEjEHL5wNUuqA3dGdeQ+LUWmnCTaTw==
        -----END CERTIFICATE-----
        """;

    private static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void A_chain_of_roots_leads_from_the_pinned_key_to_another()
    {
        var made = new MadeTrust(Now);
        var set = Begin(made);
        for (var version = 2; version <= 4; version++)
        {
            Rotate(made, version);
            set = Taken(set.WithRoot(made.Files["root"]));
        }

        Assert.That(set.Root!.Content.Version, Is.EqualTo(4));
        Assert.That(made.Load(set).Error, Is.Null);
    }

    [TestCase(1, 1)]
    [TestCase(5, 5)]
    [TestCase(6, 5)]
    public void A_root_that_no_pinned_key_has_signed_names_the_first_five_that_did(int signers, int named)
    {
        var made = new MadeTrust(Now);
        var pinned = made.Anchor;
        made.Keys["root"] = [.. Enumerable.Range(0, signers).Select(_ => MadeKey.Certificate(MadeTrust.UsualGun, Now))];
        var error = TrustedSet.Begin(pinned, new VerificationKeys()).WithRoot(made.Publish().Files["root"]).Error!;
        Assert.That(error.Kind, Is.EqualTo(TufErrorKind.NotPinned));
        Assert.That(error.Message, Does.StartWith("0 of 1 needed signatures are by keys that are pinned in Git; it is signed by "));
        Assert.That(error.Message.Split(" by ")[^1].Split(", "), Is.SubsetOf(made.Keys["root"].Select(k => KeyList.Short(k.Public.CanonicalId))).And.Length.EqualTo(named));
    }

    [Test]
    public void A_root_that_the_keys_before_have_not_signed_is_refused()
    {
        var made = new MadeTrust(Now);
        var set = Begin(made);
        made.Keys["root"] = [MadeKey.Certificate(MadeTrust.UsualGun, Now)];
        made.Versions["root"] = 2;
        AssertRefused(set.WithRoot(made.Publish().Files["root"]), TufErrorKind.Threshold, "0 of 1 needed signatures by keys of the root before it, version 1, are valid");
    }

    [Test]
    public void A_root_that_its_own_keys_have_not_signed_is_refused()
    {
        var made = new MadeTrust(Now);
        var set = Begin(made);
        var old = made.Keys["root"][0];
        made.Keys["root"] = [MadeKey.Certificate(MadeTrust.UsualGun, Now)];
        made.Versions["root"] = 2;
        AssertRefused(set.WithRoot(MadeTrust.Sign(made.RootContent(), old)), TufErrorKind.Threshold, "0 of 1 needed signatures are valid");
    }

    [TestCase(3, TufErrorKind.NotNext)]
    [TestCase(1, TufErrorKind.Rollback)]
    public void A_root_that_does_not_follow_is_refused(int version, TufErrorKind kind)
    {
        var made = new MadeTrust(Now);
        var set = Begin(made);
        made.Versions["root"] = version;
        made.Ends["root"] = Now.AddDays(7);
        Assert.That(set.WithRoot(made.Publish().Files["root"]).Error!.Kind, Is.EqualTo(kind));
    }

    [Test]
    public void The_same_root_again_changes_nothing()
    {
        var made = new MadeTrust(Now);
        var set = Begin(made);
        Assert.That(set.WithRoot(made.Files["root"]).Set, Is.SameAs(set));
    }

    /// <summary>Who holds any other key could list it beside the pinned one, whose id is public.</summary>
    [Test]
    public void A_root_that_lists_a_pinned_key_without_its_signature_is_refused()
    {
        var made = new MadeTrust(Now);
        var anchor = made.Anchor;
        var stranger = MadeKey.Certificate(MadeTrust.UsualGun, Now);
        made.Keys["root"].Add(stranger);
        AssertRefused(TrustedSet.Begin(anchor, new VerificationKeys()).WithRoot(MadeTrust.Sign(made.RootContent(), stranger)), TufErrorKind.NotPinned, "0 of 1 needed signatures are by keys that are pinned in Git");
    }

    [Test]
    public void As_many_pinned_keys_must_have_signed_as_the_anchor_or_the_root_asks_for()
    {
        var made = new MadeTrust(Now);
        made.Keys["root"].Add(MadeKey.Certificate(MadeTrust.UsualGun, Now));
        var anchor = made.Anchor;
        var one = MadeTrust.Sign(made.RootContent(), made.Keys["root"][0]);
        Assert.That(Of(anchor, one).Error, Is.Null);
        Assert.That(Of(anchor with { Threshold = 2 }, one).Error!.Kind, Is.EqualTo(TufErrorKind.NotPinned));
        Assert.That(Of(anchor with { Threshold = 2 }, MadeTrust.Sign(made.RootContent(), made.Keys["root"])).Error, Is.Null);
        made.Thresholds["root"] = 2;
        var two = MadeTrust.Sign(made.RootContent(), made.Keys["root"]);
        Assert.That(Of(anchor, two).Error, Is.Null);
        Assert.That(Of(anchor with { RootKeys = [anchor.RootKeys[0]] }, two).Error!.Kind, Is.EqualTo(TufErrorKind.NotPinned));
    }

    /// <summary>The same key signs for many names: the certificate says for which this root is.</summary>
    [TestCase("registry.example.com/team/other", false)]
    [TestCase("registry.example.com/team/*", true)]
    [TestCase("registry.example.com/other/*", false)]
    [TestCase("registry.example.com/team/app", true)]
    [TestCase("registry.example.com/team/ap", false)]
    public void A_root_of_another_name_is_refused(string commonName, bool isTaken)
    {
        var made = new MadeTrust(Now, commonName);
        var result = Of(made.Anchor with { Gun = MadeTrust.UsualGun }, made.Publish().Files["root"]);
        Assert.That(result.IsTrusted, Is.EqualTo(isTaken));
        Assert.That(isTaken || result.Error!.Message.Contains($"is a certificate for '{commonName}', not for {MadeTrust.UsualGun}", StringComparison.Ordinal));
    }

    [Test]
    public void Root_keys_must_be_leaf_certificates_signed_with_a_sound_algorithm()
    {
        foreach (var (key, words) in new[]
        {
            (MadeKey.Ecdsa(), "is no certificate"),
            (MadeKey.Certificate(MadeTrust.UsualGun, Now, isAuthority: true), "may sign others"),
            (MadeKey.Ecdsa().ListedAs(new TufKey(TufKey.EcdsaX509, Encoding.ASCII.GetBytes(SignedWithSha1))), "SHA-1"),
            (Bundle(), "several leaf certificates"),
        })
        {
            var made = new MadeTrust(Now);
            made.Keys["root"] = [key];
            AssertRefused(Of(made.Anchor, made.Publish().Files["root"]), TufErrorKind.Threshold, words);
        }
    }

    [Test]
    public void Roots_on_the_way_may_have_expired_and_the_newest_may_not()
    {
        var made = new MadeTrust(Now);
        made.Ends["root"] = Now.AddDays(-1);
        var set = Begin(made);
        Assert.That(made.Load(set).Error!.Kind, Is.EqualTo(TufErrorKind.Expired));
        made.Ends.Clear();
        Rotate(made, 2);
        Assert.That(made.Load(Taken(set.WithRoot(made.Files["root"]))).Error, Is.Null);
    }

    [Test]
    public void The_certificate_of_the_newest_root_may_not_have_expired()
    {
        var made = new MadeTrust(Now);
        made.Keys["root"] = [MadeKey.Certificate(MadeTrust.UsualGun, Now, days: 5)];
        var set = Begin(made);
        Assert.That(set.Root!.ValidUntil, Is.EqualTo(Now.AddDays(5)));
        var error = set.WithTimestamp(made.Files["timestamp"], Now.AddDays(6)).Error!;
        Assert.That(error.ToString(), Is.EqualTo("root: a certificate that signed it expired at 2026-12-06T12:00:00Z"));
    }

    [Test]
    public void No_more_than_256_roots_are_followed()
    {
        var made = new MadeTrust(Now);
        var set = Begin(made);
        for (var version = 2; version <= RoleLimits.Rotations; version++)
        {
            made.Versions["root"] = version;
            set = Taken(set.WithRoot(MadeTrust.Sign(made.RootContent(), made.Keys["root"])));
        }

        made.Versions["root"] = RoleLimits.Rotations + 1;
        Assert.That(set.WithRoot(MadeTrust.Sign(made.RootContent(), made.Keys["root"])).Error!.Kind, Is.EqualTo(TufErrorKind.TooMany));
    }

    private static MadeKey Bundle()
    {
        var (one, two) = (MadeKey.Certificate(MadeTrust.UsualGun, Now), MadeKey.Certificate(MadeTrust.UsualGun, Now));
        return one.ListedAs(new TufKey(TufKey.EcdsaX509, [.. one.Public.Public, .. two.Public.Public]));
    }

    private static void Rotate(MadeTrust made, int version)
    {
        made.RootSigners.Clear();
        made.RootSigners.AddRange(made.Keys["root"]);
        made.Keys["root"] = [MadeKey.Certificate(MadeTrust.UsualGun, Now)];
        made.Versions["root"] = version;
        made.Publish();
    }

    private static TufResult Of(TrustAnchor anchor, byte[] root) => TrustedSet.Begin(anchor, new VerificationKeys()).WithRoot(root);

    private static TrustedSet Begin(MadeTrust made) => Taken(Of(made.Anchor, made.Publish().Files["root"]));

    private static TrustedSet Taken(TufResult result)
    {
        Assert.That(result.Error, Is.Null);
        return result.Set!;
    }

    private static void AssertRefused(TufResult result, TufErrorKind kind, string words)
    {
        Assert.That((result.Error?.Kind, result.Error?.Role), Is.EqualTo(((TufErrorKind?)kind, "root")), result.Error?.ToString());
        Assert.That(result.Error!.Message, Does.Contain(words));
    }
}
