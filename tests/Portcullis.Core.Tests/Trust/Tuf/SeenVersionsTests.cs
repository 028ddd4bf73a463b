using Portcullis.Core.Trust.Tuf;
using Portcullis.Testing.Trust;

namespace Portcullis.Core.Tests.Trust.Tuf;

/// <summary>What a reader keeps in mind of older metadata: versions, so that nothing goes back, and files, so that they need not be read twice.</summary>
[TestFixture]
internal sealed class SeenVersionsTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Section 5.3.5, for a reader that begins again at its anchor.</summary>
    [Test]
    public void A_reader_that_begins_again_takes_no_older_root_than_it_has_seen()
    {
        var made = new MadeTrust(Now).Publish();
        var first = made.Files["root"];
        var set = made.Load().Set;
        made.Versions["root"] = 2;
        var second = made.Publish().Files["root"];
        set = made.Load(set).Set;
        Assert.That(set.Root!.Content.Version, Is.EqualTo(2));

        var again = TrustedSet.Begin(made.Anchor, new VerificationKeys(), set.Seen).WithRoot(first).Set!;
        Assert.That(again.WithTimestamp(made.Files["timestamp"], Now).Error?.ToString(), Is.EqualTo("root: version 1 is older than 2, which was seen before"));
        var later = TrustedSet.Begin(made.Anchor, new VerificationKeys(), again.Seen).WithRoot(first).Set!;
        Assert.That(later.WithTimestamp(made.Files["timestamp"], Now).Error?.Kind, Is.EqualTo(TufErrorKind.Rollback), "a set that was not taken is no reason to forget");
        Assert.That(made.Load(again.WithRoot(second).Set).Error, Is.Null);
        Assert.That(TrustedSet.Begin(made.Anchor, new VerificationKeys()).Seen, Is.Null);
    }

    /// <summary>Section 5.4.3.1, 5.5.5 and 5.6.4.</summary>
    [TestCase("timestamp")]
    [TestCase("snapshot")]
    [TestCase("targets")]
    [TestCase("targets/a")]
    public void A_reader_that_begins_again_takes_no_older_version_than_it_has_seen(string role)
    {
        var made = new MadeTrust(Now).Delegate("targets/a");
        Set(made, 5, null);
        var seen = made.Publish().Load().Set.Seen;
        Set(made, 5, role);
        var error = made.Publish().Load(TrustedSet.Begin(made.Anchor, new VerificationKeys(), seen)).Error;
        Assert.That((error?.Kind, error?.Role), Is.EqualTo(((TufErrorKind?)TufErrorKind.Rollback, role)));
        Assert.That(made.Load().Error, Is.Null, "who has seen nothing takes it");
        Set(made, 5, null);
        Assert.That(made.With("targets", MadeTrust.Target("2")).Publish().Load(TrustedSet.Begin(made.Anchor, new VerificationKeys(), seen)).Error, Is.Null, "the same version is not older");
    }

    /// <summary>Section 5.3.4: the threshold of the root before, by its keys, and the root's own.</summary>
    [Test]
    public void A_new_root_needs_the_thresholds_of_both_roots()
    {
        var made = new MadeTrust(Now);
        made.Keys["root"].Add(MadeKey.Certificate(MadeTrust.UsualGun, Now));
        made.Thresholds["root"] = 2;
        var old = made.Keys["root"].ToArray();
        var set = made.Publish().Load().Set;
        MadeKey[] next = [MadeKey.Certificate(MadeTrust.UsualGun, Now), MadeKey.Certificate(MadeTrust.UsualGun, Now)];
        made.Keys["root"] = [.. next];
        made.Versions["root"] = 2;
        Assert.That(Problem(old[0], next[0], next[1]), Does.StartWith("root: 1 of 2 needed signatures by keys of the root before it, version 1, are valid"));
        Assert.That(Problem(old[0], old[0], next[0], next[1]), Does.StartWith("root: 1 of 2 needed signatures by keys of the root before it, version 1, are valid"));
        Assert.That(Problem(old[0], old[1], next[0]), Does.StartWith("root: 1 of 2 needed signatures are valid"));
        Assert.That(Problem(old[0], old[1], next[0], next[1]), Is.Null);

        string? Problem(params MadeKey[] keys) => set.WithRoot(MadeTrust.Sign(made.RootContent(), keys)).Error?.ToString();
    }

    [Test]
    public void After_a_new_root_the_files_are_verified_again_and_not_read_again()
    {
        var made = new MadeTrust(Now).Delegate("targets/a").Publish();
        var set = made.Load().Set;
        made.Versions["root"] = 2;
        var next = set.WithRoot(MadeTrust.Sign(made.RootContent(), made.Keys["root"])).Set!;
        Assert.That((next.Timestamp, next.Snapshot, next.Targets, next.Delegations.Count), Is.EqualTo(((object?)null, (object?)null, (object?)null, 0)));
        Assert.That(new[] { "snapshot", "targets", "targets/a" }.All(next.Holds), Is.True);
        Assert.That((next.Holds("root"), next.Settled().Holds("targets"), next.Find(new NeededRole("targets", null, 1))), Is.EqualTo((false, false, (ReadOnlyMemory<byte>?)null)));
        var needed = new NeededRole("targets/a", TufFile.Of(made.Files["targets/a"]), 1);
        Assert.That(next.Find(needed)?.ToArray(), Is.EqualTo(made.Files["targets/a"]));
        Assert.That(next.Find(needed with { File = TufFile.Of("x"u8) }), Is.Null);
    }

    [Test]
    public void A_set_that_was_kept_may_follow_as_many_roots_again()
    {
        var made = new MadeTrust(Now).Publish();
        var set = made.Load().Set;
        for (var version = 2; version <= RoleLimits.Rotations; version++)
        {
            made.Versions["root"] = version;
            set = set.WithRoot(MadeTrust.Sign(made.RootContent(), made.Keys["root"])).Set!;
        }

        made.Versions["root"] = RoleLimits.Rotations + 1;
        var last = MadeTrust.Sign(made.RootContent(), made.Keys["root"]);
        Assert.That((set.WithRoot(last).IsTrusted, set.Settled().WithRoot(last).IsTrusted), Is.EqualTo((false, true)));
    }

    [Test]
    public void Who_signs_anew_takes_what_has_expired_and_is_older_and_has_the_files()
    {
        var made = new MadeTrust(Now);
        made.Versions["timestamp"] = 5;
        var set = made.Publish().Load().Set;
        made.Versions["timestamp"] = 4;
        made.Timestamp();
        Assert.That(made.Load(set).Error?.Kind, Is.EqualTo(TufErrorKind.Rollback));
        var begun = TrustedSet.BeginToSign(made.Anchor, new VerificationKeys(), set);
        Assert.That((begun.Holds("targets"), begun.Holds("snapshot"), TrustedSet.BeginToSign(made.Anchor, new VerificationKeys()).Holds("targets")), Is.EqualTo((true, true, false)));
        Assert.That(made.Load(begun, Now.AddYears(50)).Error, Is.Null);
    }

    /// <summary>An image is trusted until the first end of anything that it is trusted by.</summary>
    [TestCase("root")]
    [TestCase("timestamp")]
    [TestCase("snapshot")]
    [TestCase("targets")]
    [TestCase("targets/a")]
    public void Trust_lasts_until_the_first_of_all_ends(string role)
    {
        var made = new MadeTrust(Now).Delegate("targets/a").Delegate("targets/b");
        made.Ends[role] = Now.AddDays(1);
        if (made.Contents.TryGetValue(role, out var content))
        {
            made.Contents[role] = content with { Expires = Now.AddDays(1) };
        }

        var (set, error) = made.Publish().Load();
        Assert.That((error, set.ToRepositoryTrust(Now).ExpiresAt), Is.EqualTo(((TufError?)null, Now.AddDays(1))));
    }

    private static void Set(MadeTrust made, long version, string? older)
    {
        made.Versions["timestamp"] = older == "timestamp" ? version - 1 : version;
        made.Versions["snapshot"] = older == "snapshot" ? version - 1 : version;
        foreach (var role in new[] { "targets", "targets/a" })
        {
            made.Contents[role] = made.Contents[role] with { Version = older == role ? version - 1 : version };
        }
    }
}
