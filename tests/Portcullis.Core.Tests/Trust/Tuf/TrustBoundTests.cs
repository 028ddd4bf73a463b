using Portcullis.Core.Trust.Tuf;
using Portcullis.Testing.Trust;

namespace Portcullis.Core.Tests.Trust.Tuf;

/// <summary>The last value that is taken and the first that is not (TUF specification 1.0, sections 4 and 5).</summary>
[TestFixture]
internal sealed class TrustBoundTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Section 5.3.3, 5.4.1, 5.5.1 and 5.6.1: a client reads so many bytes and no more. White space after the file changes nothing else.</summary>
    [TestCase("root")]
    [TestCase("timestamp")]
    [TestCase("snapshot")]
    [TestCase("targets")]
    [TestCase("targets/a")]
    public void A_file_as_long_as_its_role_may_be_is_read(string role)
    {
        var made = new MadeTrust(Now).Delegate("targets/a").With("targets/a", MadeTrust.Target("1")).Publish();
        made.Files[role] = [.. made.Files[role], .. Enumerable.Repeat((byte)' ', RoleLimits.LengthOf(role) - made.Files[role].Length)];
        _ = role == "timestamp" ? made : role == "snapshot" ? made.Timestamp() : made.Snapshot();
        var (set, error) = made.Load();
        Assert.That((error, set.LeftOut.Count, set.ToRepositoryTrust(Now).Targets.Count), Is.EqualTo(((TufError?)null, 0, 1)));
    }

    [Test]
    public void As_many_delegations_below_one_another_as_there_may_be_are_followed()
    {
        var made = new MadeTrust(Now);
        var role = "targets";
        for (var depth = 1; depth <= RoleLimits.Depth; depth++)
        {
            made.Delegate(role += "/a", keys: made.Keys["targets"][0]);
        }

        var (set, error) = made.With(role, MadeTrust.Target("1")).Publish().Load();
        Assert.That((error, set.LeftOut.Count, set.ToRepositoryTrust(Now).Targets.Single().Role), Is.EqualTo(((TufError?)null, 0, role)));
    }

    /// <summary>Section 4.5: a role cannot give away more than it was given.</summary>
    [Test]
    public void The_paths_of_every_role_above_bound_those_of_a_delegation()
    {
        var made = new MadeTrust(Now).Delegate("targets/a", ["1", "2"]).Delegate("targets/a/b", ["1.5", "3"]).Delegate("targets/a/b/c", ["1.5.1", "1.6", "2", "3"]);
        made.With("targets/a/b/c", MadeTrust.Target("1.5.1"), MadeTrust.Target("1.5.10"), MadeTrust.Target("1.5"), MadeTrust.Target("1.6"), MadeTrust.Target("2"), MadeTrust.Target("3"));
        var (set, error) = made.Publish().Load();
        Assert.That(error, Is.Null);
        Assert.That(set.ToRepositoryTrust(Now).Targets.Select(t => t.Tag), Is.EqualTo(new[] { "1.5.1", "1.5.10" }));
    }

    [TestCase("targets/a", true)]
    [TestCase("targets/a-b_c/9", true)]
    [TestCase("targets/", false)]
    [TestCase("targets/a/", false)]
    [TestCase("targets//a", false)]
    [TestCase("targets/A", false)]
    [TestCase("targets/\u00e4", false)]
    [TestCase("targets/a.b", false)]
    [TestCase("xtargets/a", false)]
    [TestCase("a/targets/", false)]
    public void A_delegation_is_named_as_notary_names_it(string name, bool isOne) => Assert.That(RoleNames.IsDelegation(name), Is.EqualTo(isOne));

    [Test]
    public void The_name_of_a_delegation_has_255_characters_at_most()
    {
        var longest = "targets/".PadRight(255, 'a');
        Assert.That((RoleNames.IsDelegation(longest), RoleNames.IsDelegation(longest + "a")), Is.EqualTo((true, false)));
    }

    /// <summary>In bytes, as python-tuf's ngclient and go-tuf bound them.</summary>
    [TestCase("root", 524_288)]
    [TestCase("timestamp", 16_384)]
    [TestCase("snapshot", 2_097_152)]
    [TestCase("targets", 5_242_880)]
    [TestCase("targets/a", 5_242_880)]
    public void Each_role_has_a_greatest_length(string role, int length) => Assert.That(RoleLimits.LengthOf(role), Is.EqualTo(length));

    [Test]
    public void Roots_delegations_and_all_files_together_are_bounded() => Assert.That(
        (RoleLimits.Rotations, RoleLimits.Delegations, RoleLimits.Depth, RoleLimits.Reading), Is.EqualTo((256, 5000, 32, 20_971_520)));

    [TestCase(5000, RoleLimits.Reading, false)]
    [TestCase(5001, 0, true)]
    [TestCase(1, RoleLimits.Reading + 1, true)]
    public void No_more_is_read_of_a_name_than_fits(int files, long bytes, bool isTooMuch) =>
        Assert.That(RoleLimits.Excess([.. Enumerable.Repeat(new NeededRole("targets/a", null, 1), files)], bytes)?.Kind, Is.EqualTo(isTooMuch ? TufErrorKind.TooMany : (TufErrorKind?)null));

    [Test]
    public void What_does_not_fit_is_said_with_the_bounds() => Assert.That(
        RoleLimits.Excess([], RoleLimits.Reading + 1L)?.Message, Is.EqualTo("it names more than 5000 delegations, or more than 20 MiB"));

    [Test]
    public void A_delegation_that_is_too_long_is_not_asked_for_and_counts_for_no_bytes()
    {
        var (longest, tooLong) = (Needed(RoleLimits.TargetsLength), Needed(RoleLimits.TargetsLength + 1L));
        Assert.That((longest.IsTooLong, tooLong.IsTooLong, (tooLong with { Role = "targets" }).IsTooLong), Is.EqualTo((false, true, false)));
        Assert.That(RoleLimits.Sum([longest, longest, tooLong]), Is.EqualTo(2L * RoleLimits.TargetsLength));
    }

    /// <summary>Section 5.5.2 and 5.6.2: every hash that is listed, and the length.</summary>
    [Test]
    public void A_file_is_the_one_that_is_named_only_when_its_length_and_every_hash_are_right()
    {
        var content = "abc"u8.ToArray();
        var right = TufFile.Of(content);
        byte[] wrong256 = [.. right.Sha256[..^1], (byte)~right.Sha256[^1]];
        byte[] wrong512 = [.. right.Sha512![..^1], (byte)~right.Sha512[^1]];
        Assert.Multiple(() =>
        {
            Assert.That(right.IsOf(content) && (right with { Sha512 = null }).IsOf(content), Is.True);
            Assert.That(right.IsOf("abd"u8), Is.False);
            foreach (var wrong in new[] { right with { Length = 2 }, right with { Length = 4 }, right with { Sha256 = wrong256 }, right with { Sha512 = wrong512 }, right with { Sha512 = null, Sha256 = wrong256 } })
            {
                Assert.That((wrong.IsOf(content), wrong == right), Is.EqualTo((false, false)));
            }

            Assert.That(right == TufFile.Of(content), Is.True);
            Assert.That(right == right with { Sha512 = null }, Is.False);
        });
    }

    [Test]
    public void A_role_counts_as_long_as_enough_of_the_certificates_that_signed_it_do()
    {
        TufKey[] keys = [MadeKey.Ecdsa().Public, MadeKey.Certificate("ann", Now, days: 5).Public, MadeKey.Certificate("bob", Now, days: 9).Public];
        Assert.That(
            new[] { 1, 2, 3 }.Select(threshold => RoleCheck.Earliest(Now.AddDays(20), keys, threshold)),
            Is.EqualTo(new[] { Now.AddDays(20), Now.AddDays(9), Now.AddDays(5) }));
        Assert.That(RoleCheck.Earliest(Now.AddDays(7), keys, 2), Is.EqualTo(Now.AddDays(7)));
    }

    /// <summary>Only what a delegation's own signers can bring about is no reason to refuse the others.</summary>
    [Test]
    public void Only_what_concerns_one_delegation_alone_may_be_left_out()
    {
        var left = Enum.GetValues<TufErrorKind>().Where(k => new TufError(k, "targets/a", "").MayBeLeftOut);
        Assert.That(left, Is.EquivalentTo(new[] { TufErrorKind.Malformed, TufErrorKind.TooLarge, TufErrorKind.WrongRole, TufErrorKind.KeyId, TufErrorKind.Threshold, TufErrorKind.Expired }));
        Assert.That(Enum.GetValues<TufErrorKind>().SelectMany(k => new[] { "root", "timestamp", "snapshot", "targets" }, (k, r) => new TufError(k, r, "")).Where(e => e.MayBeLeftOut), Is.Empty);
        var deepest = "targets" + string.Concat(Enumerable.Repeat("/a", RoleLimits.Depth));
        Assert.That((new TufError(TufErrorKind.TooMany, deepest, "").MayBeLeftOut, new TufError(TufErrorKind.TooMany, deepest + "/a", "").MayBeLeftOut), Is.EqualTo((false, true)));
    }

    [TestCase(5, false)]
    [TestCase(6, true)]
    public void The_first_five_signatures_that_do_not_count_are_said(int signatures, bool isCut)
    {
        var made = new MadeTrust(Now).Publish();
        var signed = made.Contents["targets"].ToSignedBytes();
        made.Files["targets"] = SignedEnvelope.Write(signed, Enumerable.Range(0, signatures).Select(_ => MadeKey.Ecdsa().Sign(signed)));
        var message = made.Snapshot().Load().Error!.Message;
        Assert.That((message.Split("is not one of the role's").Length - 1, message.EndsWith(" \u2026", StringComparison.Ordinal)), Is.EqualTo((5, isCut)));
    }

    [Test]
    public void Values_that_are_used_stay_and_the_others_are_let_go()
    {
        var kept = new RecentlyUsed<string>(4);
        var made = new List<string>();
        foreach (var name in new[] { "a", "b", "a", "c", "a", "d", "a", "e", "a" })
        {
            Assert.That(kept.Get(name, () => Make(name)), Is.EqualTo(name));
            Assert.That(kept.Count, Is.LessThanOrEqualTo(4));
        }

        Assert.That(made, Is.EqualTo(new[] { "a", "b", "c", "d", "e" }), "a is made once");
        _ = kept.Get("b", () => Make("b"));
        Assert.That(made, Has.Count.EqualTo(6), "b was let go");

        string Make(string name)
        {
            made.Add(name);
            return name;
        }
    }

    /// <summary>Each half has two of the four.</summary>
    [Test]
    public void What_was_not_asked_for_since_the_newer_half_was_full_is_let_go()
    {
        var kept = new RecentlyUsed<string>(4);
        var counts = new List<int>();
        var made = new List<string>();
        foreach (var name in new[] { "a", "b", "c", "d", "b", "e", "c", "b", "e", "a", "d" })
        {
            _ = kept.Get(name, () => Make(name));
            counts.Add(kept.Count);
        }

        Assert.That(made, Is.EqualTo(new[] { "a", "b", "c", "d", "e", "a", "d" }));
        Assert.That(counts, Is.EqualTo(new[] { 1, 2, 3, 4, 3, 4, 3, 3, 3, 4, 3 }));

        string Make(string name)
        {
            made.Add(name);
            return name;
        }
    }

    [Test]
    public void No_more_values_are_kept_than_were_asked_for()
    {
        var kept = new RecentlyUsed<string>(2);
        foreach (var name in new[] { "a", "b", "c", "b", "d" })
        {
            _ = kept.Get(name, () => name);
            Assert.That(kept.Count, Is.LessThanOrEqualTo(2), name);
        }
    }

    private static NeededRole Needed(long length) => new("targets/a", new TufFile(length, new byte[32], null), (int)Math.Min(length, RoleLimits.TargetsLength));
}
