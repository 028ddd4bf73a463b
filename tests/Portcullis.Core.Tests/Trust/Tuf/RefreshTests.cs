using Portcullis.Core.Trust.Tuf;
using Portcullis.Testing.Trust;

namespace Portcullis.Core.Tests.Trust.Tuf;

/// <summary>What is read again, and what is not.</summary>
[TestFixture]
internal sealed class RefreshTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void A_timestamp_that_is_the_same_changes_nothing_until_it_expires()
    {
        var made = Usual().Publish();
        var set = made.Load().Set;
        Assert.That(set.WithTimestamp(made.Files["timestamp"], Now.AddDays(13)).Set, Is.SameAs(set));
        Assert.That(set.WithTimestamp(made.Files["timestamp"], Now.AddDays(14)).Error!.Kind, Is.EqualTo(TufErrorKind.Expired));
    }

    [Test]
    public void A_new_timestamp_that_names_the_same_snapshot_needs_no_other_file()
    {
        var made = Usual().Publish();
        var set = made.Load().Set;
        made.Versions["timestamp"] = 2;
        made.Ends["timestamp"] = Now.AddDays(20);
        var next = set.WithTimestamp(made.Timestamp().Files["timestamp"], Now).Set!;
        Assert.That(next.Needed(), Is.Empty);
        Assert.That((next.ToRepositoryTrust(Now).Targets.Count, next.ToRepositoryTrust(Now).ExpiresAt), Is.EqualTo((1, Now.AddDays(20))));
    }

    [TestCase("snapshot")]
    [TestCase("targets")]
    public void A_timestamp_does_not_renew_what_has_expired_below_it(string role)
    {
        var made = Usual();
        made.Ends["snapshot"] = role == "snapshot" ? Now.AddDays(1) : Now.AddYears(3);
        made.Contents["targets"] = made.Contents["targets"] with { Expires = role == "targets" ? Now.AddDays(1) : Now.AddYears(3) };
        var set = made.Publish().Load().Set;
        Assert.That(set.WithTimestamp(made.Files["timestamp"], Now.AddDays(1)).Error?.Role, Is.EqualTo(role));
        made.Versions["timestamp"] = 2;
        Assert.That(set.WithTimestamp(made.Timestamp().Files["timestamp"], Now.AddDays(1)).Error?.Role, Is.EqualTo(role));
        Assert.That(set.WithTimestamp(made.Files["timestamp"], Now).Error, Is.Null);
    }

    [Test]
    public void A_new_snapshot_takes_away_what_the_old_one_named_and_offers_the_files_that_stayed()
    {
        var made = Usual().Delegate("targets/qa").Publish();
        var set = made.Load().Set;
        made.Next().With("targets/ci", MadeTrust.Target("2.0"));
        made.Contents["targets/ci"] = made.Contents["targets/ci"] with { Version = 2 };
        made.Publish();
        made.Files["targets"] = set.Targets!.File.ToArray();
        made.Files["targets/qa"] = set.Delegations["targets/qa"].Signed.File.ToArray();
        made.Files["root"] = set.Root!.File.ToArray();
        made.Snapshot();

        var next = set.WithTimestamp(made.Files["timestamp"], Now).Set!;
        Assert.That((next.Snapshot, next.Targets, next.Delegations.Count), Is.EqualTo(((object?)null, (object?)null, 0)));
        next = next.WithSnapshot(made.Files["snapshot"], Now).Set!;
        next = next.WithTargets("targets", next.Find(next.Needed().Single())!.Value, Now).Set!;
        var needed = next.Needed().ToDictionary(n => n.Role);
        Assert.That(next.Find(needed["targets/qa"]), Is.Not.Null);
        Assert.That(next.Find(needed["targets/ci"]), Is.Null);
        Assert.That((needed["targets/ci"].File!.Checksum, needed["targets/ci"].MaximumLength), Is.EqualTo((TufFile.Of(made.Files["targets/ci"]).Checksum, made.Files["targets/ci"].Length)));
    }

    [Test]
    public void Files_are_needed_in_the_order_in_which_they_can_be_verified()
    {
        var made = Usual().Delegate("targets/ci/deep").Publish();
        var set = TrustedSet.Begin(made.Anchor, new VerificationKeys());
        List<string> order = [];
        while (set.Needed() is { Count: > 0 } needed)
        {
            var (role, file) = (needed[0].Role, made.Files[needed[0].Role]);
            order.Add(role);
            set = (role switch { "root" => set.WithRoot(file), "timestamp" => set.WithTimestamp(file, Now), "snapshot" => set.WithSnapshot(file, Now), _ => set.WithTargets(role, file, Now) }).Set!;
        }

        Assert.That(order, Is.EqualTo(new[] { "root", "timestamp", "snapshot", "targets", "targets/ci", "targets/ci/deep" }));
        Assert.That((set.NextRoot().Version, set.NextRoot().MaximumLength), Is.EqualTo((2L, RoleLimits.RootLength)));
    }

    [Test]
    public void A_delegation_that_nobody_signed_yet_is_no_problem_and_one_that_went_away_is()
    {
        var made = Usual().Publish();
        var set = made.Load().Set;
        made.Files.Remove("targets/ci");
        made.Next().Snapshot();
        Assert.That(made.Load().Set.ToRepositoryTrust(Now).Problems, Is.Empty);
        var trust = made.Load(set).Set.ToRepositoryTrust(Now);
        Assert.That((trust.Targets.Count, trust.Problems.Single()), Is.EqualTo((0, "targets/ci: the snapshot does not name it any more")));
    }

    /// <summary>The set before stays as it was, whatever came after it.</summary>
    [Test]
    public void A_set_never_changes()
    {
        var made = Usual().Publish();
        var set = made.Load().Set;
        made.Next().With("targets/ci", MadeTrust.Target("2.0"));
        _ = made.Publish().Load(set);
        _ = set.Without(new TufError(TufErrorKind.Expired, "targets/ci", "x"));
        Assert.That(set.ToRepositoryTrust(Now).Targets.Select(t => t.Tag), Is.EqualTo(new[] { "1.0" }));
    }

    private static MadeTrust Usual() => new MadeTrust(Now).Delegate("targets/ci").With("targets/ci", MadeTrust.Target("1.0"));
}
