using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Testing.Trust;

namespace Portcullis.Core.Tests.Trust.Tuf;

/// <summary>Which sets of files are believed, and which check refuses the others.</summary>
[TestFixture]
internal sealed class TrustedSetTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void A_whole_set_says_what_each_role_names_and_who_signed_it()
    {
        var made = Usual().Delegate("targets/qa", keys: [MadeKey.Ecdsa(), MadeKey.Rsa()]).With("targets/qa", MadeTrust.Target("1.0", 2)).Publish();
        var trust = Whole(made).ToRepositoryTrust(Now);
        Assert.That(trust.Targets.Select(t => (t.Role, t.Tag, t.Digest, t.Length)), Is.EqualTo(new[]
        {
            ("targets", "1.0", MadeTrust.Digest(1), 1L), ("targets/ci", "1.0", MadeTrust.Digest(1), 1L), ("targets/qa", "1.0", MadeTrust.Digest(2), 2L),
        }));
        Assert.That(trust.OfTag("1.0").Last().Signers, Is.EqualTo(made.Keys["targets/qa"].Select(k => k.Public.CanonicalId).Order(StringComparer.Ordinal)));
        Assert.That((trust.Problems.Count, trust.ExpiresAt), Is.EqualTo((0, Now.AddDays(14))));
    }

    /// <summary>A file may list its entries in any order; what is signed is its canonical form.</summary>
    [TestCase("a", "b", "c")]
    [TestCase("b", "a", "c")]
    [TestCase("a", "c", "b")]
    [TestCase("c", "b", "a")]
    public void The_entries_of_a_role_come_in_the_order_of_their_names(params string[] order)
    {
        var made = new MadeTrust(Now).With("targets", MadeTrust.Target("a"), MadeTrust.Target("b"), MadeTrust.Target("c")).Publish();
        var file = JsonNode.Parse(made.Files["targets"])!;
        var targets = file["signed"]!["targets"]!.AsObject();
        file["signed"]!["targets"] = new JsonObject(order.Select(name => KeyValuePair.Create(name, targets[name]?.DeepClone())));
        made.Files["targets"] = Encoding.UTF8.GetBytes(file.ToJsonString());
        Assert.That(Whole(made.Snapshot()).ToRepositoryTrust(Now).Targets.Select(t => t.Tag), Is.EqualTo(new[] { "a", "b", "c" }));
    }

    [Test]
    public void The_signers_of_an_entry_come_in_the_order_of_their_ids()
    {
        MadeKey[] keys = [.. Enumerable.Range(0, 5).Select(_ => MadeKey.Ed25519()).OrderByDescending(k => k.Public.CanonicalId, StringComparer.Ordinal)];
        var made = new MadeTrust(Now).Delegate("targets/qa", keys: keys).With("targets/qa", MadeTrust.Target("1")).Publish();
        Assert.That(Whole(made).ToRepositoryTrust(Now).Targets.Single().Signers, Is.EqualTo(keys.Select(k => k.Public.CanonicalId).Order(StringComparer.Ordinal)));
    }

    /// <summary>Every file of every role, changed in one byte anywhere.</summary>
    [TestCase("root")]
    [TestCase("timestamp")]
    [TestCase("snapshot")]
    [TestCase("targets")]
    [TestCase("targets/ci")]
    public void A_file_with_another_byte_is_never_believed(string role)
    {
        var made = Usual().Publish();
        var keys = new VerificationKeys();
        var file = made.Files[role];
        var random = new Random(1);
        for (var i = 0; i < file.Length; i++)
        {
            made.Files[role] = [.. file];
            made.Files[role][i] ^= (byte)(1 << random.Next(8));
            var (_, error) = made.Load(TrustedSet.Begin(made.Anchor, keys));
            Assert.That(error, Is.Not.Null, $"byte {i} of {role}");
        }
    }

    /// <summary>As far as signatures alone go: the snapshot and the timestamp name the changed file.</summary>
    [TestCase("targets")]
    [TestCase("targets/ci")]
    [TestCase("snapshot")]
    public void A_file_with_another_byte_is_not_believed_when_its_hash_is_right_either(string role)
    {
        var made = Usual().Publish();
        var keys = new VerificationKeys();
        var file = made.Files[role];
        var random = new Random(2);
        for (var i = 0; i < file.Length; i++)
        {
            made.Files[role] = [.. file];
            made.Files[role][i] ^= (byte)(1 << random.Next(8));
            _ = role == "snapshot" ? made.Timestamp() : made.Snapshot();
            var (set, error) = made.Load(TrustedSet.Begin(made.Anchor, keys));
            Assert.That(error is not null || set.LeftOut.ContainsKey(role), $"byte {i} of {role}");
        }
    }

    [TestCase("root")]
    [TestCase("timestamp")]
    [TestCase("snapshot")]
    [TestCase("targets")]
    public void A_file_that_has_expired_is_refused(string role)
    {
        var made = Usual();
        made.Ends[role] = Now;
        made.Contents["targets"] = made.Contents["targets"] with { Expires = role == "targets" ? Now : Now.AddSeconds(1) };
        AssertRefused(made.Publish().Load().Error, TufErrorKind.Expired, role, "it expired at 2026-12-01T12:00:00Z");
        Assert.That(made.Load(now: Now.AddSeconds(-1)).Error, Is.Null);
        Assert.That(made.Load(TrustedSet.BeginToSign(made.Anchor, new VerificationKeys())).Error, Is.Null, "who signs anew may read it");
    }

    [Test]
    public void A_set_that_takes_expired_files_makes_nothing_trusted()
    {
        var made = Usual().Publish();
        Assert.That(() => made.Load(TrustedSet.BeginToSign(made.Anchor, new VerificationKeys())).Set.ToRepositoryTrust(Now), Throws.InvalidOperationException);
        Assert.That(() => TrustedSet.Begin(made.Anchor, new VerificationKeys()).ToRepositoryTrust(Now), Throws.InvalidOperationException);
    }

    /// <summary>Every role's file in the place of every other's, signed by whoever may.</summary>
    [Test]
    public void A_file_of_another_role_is_refused()
    {
        foreach (var (role, other) in from a in new[] { "root", "timestamp", "snapshot", "targets", "targets/ci" } from b in new[] { "root", "timestamp", "snapshot", "targets", "targets/ci" } where a != b select (a, b))
        {
            // One key signs everything, and the files are named as they are: only what they say they are is left.
            var made = new MadeTrust(Now);
            var one = made.Keys["root"][0];
            foreach (var name in new[] { "targets", "snapshot", "timestamp" })
            {
                made.Keys[name] = [one];
            }

            made.Delegate("targets/ci", keys: one).Publish();
            made.Files[role] = made.Files[other];
            if (role is not ("root" or "timestamp"))
            {
                _ = role == "snapshot" ? made.Timestamp() : made.Snapshot();
            }

            var (set, refused) = made.Load();
            var error = refused ?? set.LeftOut.GetValueOrDefault(role);
            var isSameType = role.StartsWith("targets", StringComparison.Ordinal) && other.StartsWith("targets", StringComparison.Ordinal);
            Assert.That(isSameType || error is not null, $"{other} for {role}");
            Assert.That(isSameType || error!.Kind is TufErrorKind.WrongRole or TufErrorKind.Threshold, $"{other} for {role}: {error}");
            _ = set;
        }
    }

    [Test]
    public void An_old_version_of_any_role_is_refused_after_a_newer_one()
    {
        foreach (var role in new[] { "timestamp", "snapshot", "targets", "targets/ci" })
        {
            var made = Usual();
            made.Versions["timestamp"] = made.Versions["snapshot"] = 5;
            made.Contents["targets"] = made.Contents["targets"] with { Version = 5 };
            made.Contents["targets/ci"] = made.Contents["targets/ci"] with { Version = 5 };
            var set = Whole(made.Publish());
            made.Versions["timestamp"] = role == "timestamp" ? 4 : 6;
            made.Versions["snapshot"] = role == "snapshot" ? 4 : 6;
            made.Contents["targets"] = made.Contents["targets"] with { Version = role == "targets" ? 4 : 6 };
            made.Contents["targets/ci"] = made.Contents["targets/ci"] with { Version = role == "targets/ci" ? 4 : 6 };
            AssertRefused(made.Publish().Load(set).Error, TufErrorKind.Rollback, role, "version 4 is older than 5, which was seen before");
        }
    }

    /// <summary>TUF specification 5.3.11.</summary>
    [Test]
    public void A_version_that_was_driven_up_is_forgotten_when_the_keys_were_exchanged()
    {
        var made = Usual();
        made.Versions["timestamp"] = made.Versions["snapshot"] = 1_000_000;
        var set = Whole(made.Publish());
        made.Keys["timestamp"] = [MadeKey.Ed25519()];
        made.Keys["snapshot"] = [MadeKey.Ed25519()];
        made.Versions["root"] = 2;
        made.Versions["timestamp"] = made.Versions["snapshot"] = 1;
        var begun = made.Publish().Load(set);
        Assert.That(begun.Error, Is.Null);

        made.Keys["timestamp"].Add(MadeKey.Ed25519());
        made.Versions["root"] = 3;
        var kept = made.Publish().Load(begun.Set);
        Assert.That(kept.Error, Is.Null);
        made.Versions["timestamp"] = 7;
        kept = made.Timestamp().Load(kept.Set);
        made.Versions["timestamp"] = 6;
        Assert.That(made.Timestamp().Load(kept.Set).Error!.Kind, Is.EqualTo(TufErrorKind.Rollback), "a key that could sign before can sign now");
    }

    [Test]
    public void Files_of_two_publications_are_never_mixed()
    {
        foreach (var role in new[] { "root", "snapshot", "targets", "targets/ci" })
        {
            var made = Usual().Publish();
            var before = made.Files.ToDictionary();
            made.Versions["root"] = 2;
            made.Next().With("targets", MadeTrust.Target("2.0")).With("targets/ci", MadeTrust.Target("2.0"));
            made.Contents["targets"] = made.Contents["targets"] with { Version = 2 };
            made.Publish();
            made.Files[role] = before[role];
            AssertRefused(made.Load().Error, TufErrorKind.Mismatch, role, role switch
            {
                "root" => "the newest root is not the one that the snapshot names",
                "snapshot" => "it is not the file that the timestamp names",
                _ => "it is not the file that the snapshot names",
            });
        }
    }

    [TestCase("timestamp")]
    [TestCase("snapshot")]
    [TestCase("targets")]
    public void Enough_keys_must_have_signed_and_each_counts_once(string role)
    {
        var made = Usual();
        var (one, two) = (MadeKey.Ecdsa(), MadeKey.Ed25519());
        made.Keys[role] = [one, two];
        made.Thresholds[role] = 2;
        Assert.That(made.Publish().Load().Error, Is.Null);
        var signed = Envelope.Read(made.Files[role]).Message.ToArray();
        made.Files[role] = SignedEnvelope.Write(signed, [one.Sign(signed), one.Sign(signed), one.Sign(signed)]);
        _ = role == "timestamp" ? made : role == "snapshot" ? made.Timestamp() : made.Snapshot();
        AssertRefused(made.Load().Error, TufErrorKind.Threshold, role, "1 of 2 needed signatures are valid");
    }

    /// <summary>One key pair as a plain key and as a certificate is still one signer.</summary>
    [Test]
    public void A_key_that_is_listed_twice_in_different_forms_counts_once()
    {
        var made = Usual();
        var certificate = MadeKey.Certificate("ann", Now);
        var plain = certificate.ListedAs(new TufKey(TufKey.Ecdsa, certificate.Public.Certificate!.PlainKey));
        Assert.That((plain.Public.Id == certificate.Public.Id, plain.Public.CanonicalId), Is.EqualTo((false, certificate.Public.CanonicalId)));
        made.Delegate("targets/two", threshold: 2, keys: [certificate, plain]).Publish();
        var set = made.Load().Set;
        Assert.That(set.LeftOut["targets/two"].ToString(), Is.EqualTo("targets/two: 1 of 2 needed signatures are valid"));
    }

    [Test]
    public void A_signature_by_a_key_of_another_role_counts_for_nothing()
    {
        var made = Usual().Publish();
        made.Files["targets"] = MadeTrust.Sign(made.Contents["targets"], made.Keys["snapshot"]);
        AssertRefused(made.Snapshot().Load().Error, TufErrorKind.Threshold, "targets", "0 of 1 needed signatures are valid: the key", "is not one of the role's");
    }

    [Test]
    public void A_signature_under_the_name_of_another_key_counts_for_nothing()
    {
        var made = Usual().Publish();
        var signed = made.Contents["targets"].ToSignedBytes();
        made.Files["targets"] = SignedEnvelope.Write(signed, [MadeKey.Ecdsa().Sign(signed) with { KeyId = made.Keys["targets"][0].Public.Id }]);
        AssertRefused(made.Snapshot().Load().Error, TufErrorKind.Threshold, "targets", "has not signed this");
    }

    [Test]
    public void A_file_that_is_too_long_is_refused_before_it_is_read()
    {
        foreach (var role in new[] { "root", "timestamp", "snapshot", "targets" })
        {
            var made = Usual().Publish();
            made.Files[role] = [.. made.Files[role], .. new byte[RoleLimits.LengthOf(role)].Select(_ => (byte)' ')];
            _ = role == "snapshot" ? made.Timestamp() : role == "targets" ? made.Snapshot() : made;
            Assert.That(made.Load().Error!.Kind, Is.EqualTo(TufErrorKind.TooLarge), role);
        }
    }

    [Test]
    public void Files_out_of_their_order_are_refused()
    {
        var made = Usual().Publish();
        var set = TrustedSet.Begin(made.Anchor, new VerificationKeys());
        Assert.That(set.WithTimestamp(made.Files["timestamp"], Now).Error!.Kind, Is.EqualTo(TufErrorKind.OutOfOrder));
        set = set.WithRoot(made.Files["root"]).Set!;
        Assert.That(set.WithSnapshot(made.Files["snapshot"], Now).Error!.Kind, Is.EqualTo(TufErrorKind.OutOfOrder));
        set = set.WithTimestamp(made.Files["timestamp"], Now).Set!;
        Assert.That(set.WithTargets("targets", made.Files["targets"], Now).Error!.Kind, Is.EqualTo(TufErrorKind.OutOfOrder));
        set = set.WithSnapshot(made.Files["snapshot"], Now).Set!;
        Assert.That(set.WithTargets("targets/ci", made.Files["targets/ci"], Now).Error!.Kind, Is.EqualTo(TufErrorKind.NotListed));
    }

    private static MadeTrust Usual() =>
        new MadeTrust(Now).Delegate("targets/ci").With("targets", MadeTrust.Target("1.0")).With("targets/ci", MadeTrust.Target("1.0"));

    private static TrustedSet Whole(MadeTrust made)
    {
        var (set, error) = made.Load();
        Assert.That(error, Is.Null);
        return set;
    }

    private static void AssertRefused(TufError? error, TufErrorKind kind, string role, params string[] words)
    {
        Assert.That((error?.Kind, error?.Role), Is.EqualTo(((TufErrorKind?)kind, role)), error?.ToString());
        foreach (var word in words)
        {
            Assert.That(error!.Message, Does.Contain(word));
        }
    }
}
