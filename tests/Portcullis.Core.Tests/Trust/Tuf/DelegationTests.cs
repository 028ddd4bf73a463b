using Portcullis.Core.Trust.Tuf;
using Portcullis.Testing.Trust;

namespace Portcullis.Core.Tests.Trust.Tuf;

/// <summary>Who may name what.</summary>
[TestFixture]
internal sealed class DelegationTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void A_role_names_only_tags_below_its_paths_and_below_those_above_it()
    {
        var made = new MadeTrust(Now).Delegate("targets/a", ["1", "2"]).Delegate("targets/a/b", ["1.5", "3", ""]).Delegate("targets/none", []);
        foreach (var role in new[] { "targets/a", "targets/a/b", "targets/none" })
        {
            made.With(role, MadeTrust.Target("1.5"), MadeTrust.Target("1.6"), MadeTrust.Target("2"), MadeTrust.Target("3"));
        }

        Assert.That(Entries(made), Is.EqualTo(new[] { "targets/a 1.5", "targets/a 1.6", "targets/a 2", "targets/a/b 1.5" }));
    }

    [Test]
    public void A_delegation_without_signatures_enough_or_that_has_expired_is_left_out_with_all_below_it()
    {
        var made = new MadeTrust(Now).Delegate("targets/bad").Delegate("targets/bad/child").Delegate("targets/old").Delegate("targets/good");
        foreach (var role in new[] { "targets/bad", "targets/bad/child", "targets/old", "targets/good" })
        {
            made.With(role, MadeTrust.Target("1"));
        }

        made.Contents["targets/old"] = made.Contents["targets/old"] with { Expires = Now };
        made.Keys["targets/bad"] = [MadeKey.Ecdsa()];
        Assert.That(Entries(made), Is.EqualTo(new[] { "targets/good 1" }));
        var problems = made.Load().Set.ToRepositoryTrust(Now).Problems;
        Assert.That(problems[0], Does.StartWith("targets/bad: 0 of 1 needed signatures are valid: the key").And.Contain("is not one of the role's"));
        Assert.That(problems[1], Is.EqualTo("targets/old: it expired at 2026-12-01T12:00:00Z"));
        Assert.That(problems.Count, Is.EqualTo(2));
    }

    /// <summary>Whoever signs for one role could otherwise take their signatures from all the others.</summary>
    [TestCase("""{"signed":{"_type":"Targets","expires":"2029-12-01T00:00:00Z","targets":{},"version":9007199254740993},"signatures":[]}""", "a number is not whole, or too large")]
    [TestCase("""{"signed":{"_type":"Targets"},"signatures":[]}x""", "it is not JSON, or nested too deep")]
    [TestCase("", "it is not JSON, or nested too deep")]
    [TestCase("{}", "'signed' is missing")]
    public void A_delegation_that_cannot_be_read_is_left_out_and_the_others_count(string file, string why)
    {
        var made = new MadeTrust(Now).Delegate("targets/bad").Delegate("targets/good").With("targets/good", MadeTrust.Target("1")).Publish();
        made.Files["targets/bad"] = System.Text.Encoding.UTF8.GetBytes(file);
        AssertLeftOut(made.Snapshot(), why);
    }

    [Test]
    public void A_delegation_that_its_signer_made_of_another_kind_is_left_out_and_the_others_count()
    {
        var made = new MadeTrust(Now).Delegate("targets/bad").Delegate("targets/good").With("targets/good", MadeTrust.Target("1")).Publish();
        made.Files["targets/bad"] = MadeTrust.Sign(made.RootContent(), made.Keys["targets/bad"]);
        AssertLeftOut(made.Snapshot(), "it is of the type 'Root', not 'Targets'");
    }

    [Test]
    public void A_delegation_that_is_longer_than_any_is_left_out_and_the_others_count()
    {
        var made = new MadeTrust(Now).Delegate("targets/bad").Delegate("targets/good").With("targets/good", MadeTrust.Target("1")).Publish();
        made.Files["targets/bad"] = [.. made.Files["targets/bad"], .. Enumerable.Repeat((byte)' ', RoleLimits.TargetsLength)];
        AssertLeftOut(made.Snapshot(), "and at most 5242880 are read");
        Assert.That(made.Load().Set.WithTargets("targets/bad", default, Now).Error!.Kind, Is.EqualTo(TufErrorKind.TooLarge), "it need not be downloaded");
    }

    [Test]
    public void What_is_said_of_a_delegation_is_short_whatever_its_signer_wrote()
    {
        var made = new MadeTrust(Now).Delegate("targets/bad").Publish();
        var text = System.Text.Encoding.UTF8.GetString(made.Files["targets/bad"]).Replace("\"Targets\"", $"\"{new string('t', 100_000)}\"", StringComparison.Ordinal);
        var signed = System.Text.Encoding.UTF8.GetBytes(text["{\"signed\":".Length..text.IndexOf(",\"signatures\"", StringComparison.Ordinal)]);
        made.Files["targets/bad"] = SignedEnvelope.Write(signed, [made.Keys["targets/bad"][0].Sign(signed)]);
        Assert.That(made.Snapshot().Load().Set.LeftOut["targets/bad"].Message, Has.Length.EqualTo(601).And.StartsWith("it is of the type 'ttt"));
    }

    [Test]
    public void Delegations_deeper_than_any_are_left_out_and_the_others_count()
    {
        var made = new MadeTrust(Now).Delegate("targets/good").With("targets/good", MadeTrust.Target("1"));
        var role = "targets";
        for (var depth = 1; depth <= RoleLimits.Depth + 1; depth++)
        {
            made.Delegate(role += "/a");
        }

        AssertLeftOut(made.Publish(), "32 below one another", role);
    }

    private static void AssertLeftOut(MadeTrust made, string why, string role = "targets/bad")
    {
        var (set, error) = made.Load();
        Assert.That(error, Is.Null);
        Assert.That(set.LeftOut[role].Message, Does.Contain(why));
        Assert.That(set.ToRepositoryTrust(Now).Targets.Select(t => t.Role), Is.EqualTo(new[] { "targets/good" }));
    }

    [Test]
    public void A_delegation_that_expires_later_says_nothing_from_then_on()
    {
        var made = new MadeTrust(Now).Delegate("targets/a").With("targets/a", MadeTrust.Target("1"));
        made.Contents["targets/a"] = made.Contents["targets/a"] with { Expires = Now.AddDays(1) };
        var set = made.Publish().Load().Set;
        Assert.That((set.ToRepositoryTrust(Now).ExpiresAt, set.ToRepositoryTrust(Now).Targets.Count), Is.EqualTo((Now.AddDays(1), 1)));
        var later = set.ToRepositoryTrust(Now.AddDays(1));
        Assert.That((later.Targets.Count, later.Problems.Count, later.ExpiresAt), Is.EqualTo((0, 1, Now.AddDays(14))));
    }

    [Test]
    public void A_delegation_whose_certificate_expires_says_nothing_from_then_on()
    {
        var made = new MadeTrust(Now).Delegate("targets/a", keys: MadeKey.Certificate("ann", Now, days: 2)).With("targets/a", MadeTrust.Target("1"));
        var set = made.Publish().Load().Set;
        Assert.That(set.ToRepositoryTrust(Now).ExpiresAt, Is.EqualTo(Now.AddDays(2)));
        Assert.That(set.ToRepositoryTrust(Now.AddDays(2)).Targets, Is.Empty);
        var (read, error) = made.Load(now: Now.AddDays(3));
        Assert.That(error, Is.Null);
        Assert.That(read.LeftOut["targets/a"].Message, Does.Contain("its certificate expired on 2026-12-03"));
    }

    [Test]
    public void A_file_that_nobody_delegates_to_is_refused()
    {
        var made = new MadeTrust(Now).Delegate("targets/a").Publish();
        made.Files["targets/b"] = made.Files["targets/a"];
        var set = made.Snapshot().Load().Set;
        foreach (var role in new[] { "targets/b", "targets/a/b", "targets/a/", "root", "x", "targets//a", "targets/A", "" })
        {
            Assert.That(set.WithTargets(role, made.Files["targets/a"], Now).Error!.Kind, Is.EqualTo(TufErrorKind.NotListed), role);
        }
    }

    [TestCase("targets/a/b", "it delegates to 'targets/a/b', which is no role directly below it")]
    [TestCase("targets/A", "it delegates to 'targets/A', which is no role directly below it")]
    [TestCase("targets", "it delegates to 'targets', which is no role directly below it")]
    [TestCase("targets/x", "it delegates to targets/x twice")]
    public void A_role_that_delegates_beyond_what_is_below_it_is_refused(string name, string message)
    {
        var made = new MadeTrust(Now).Delegate("targets/x").Publish();
        var given = made.Contents["targets"].Delegations[0];
        made.Files["targets"] = MadeTrust.Sign(made.Contents["targets"] with { Delegations = [given, given with { Name = name }] }, made.Keys["targets"]);
        Assert.That(made.Snapshot().Load().Error!.ToString(), Is.EqualTo($"targets: {message}"));
    }

    /// <summary>All by one key, so that the time goes into what is counted.</summary>
    [Test]
    public void Five_thousand_delegations_are_read_in_time_that_grows_as_they_do()
    {
        var few = Seconds(500);
        var many = Seconds(5000);
        Assert.That(many, Is.LessThan(few * 40), "ten times as many");
    }

    /// <summary>Whoever may sign a delegation could otherwise fill the memory of every reader.</summary>
    [Test]
    public void One_more_than_five_thousand_delegations_are_refused()
    {
        var (set, error) = Many(5001).Load();
        Assert.That((error?.Kind, set.Delegations.Count), Is.EqualTo(((TufErrorKind?)TufErrorKind.TooMany, 5000)));
        Assert.That(error!.Message, Is.EqualTo("at most 5000 delegations are followed, 32 below one another"));
    }

    private static double Seconds(int count)
    {
        var made = Many(count);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var (set, error) = made.Load();
        Assert.That(error, Is.Null);
        Assert.That(set.ToRepositoryTrust(Now).Targets, Has.Count.EqualTo(count));
        return clock.Elapsed.TotalSeconds;
    }

    private static MadeTrust Many(int count)
    {
        var made = new MadeTrust(Now);
        var key = MadeKey.Ed25519();
        var keys = new AuthorizedKeys([key.Public], 1);
        made.Contents["targets"] = made.Empty() with { Delegations = [.. Enumerable.Range(0, count).Select(i => new Delegation(FormattableString.Invariant($"targets/r{i}"), keys, [""]))] };
        foreach (var delegation in made.Contents["targets"].Delegations)
        {
            (made.Keys[delegation.Name], made.Contents[delegation.Name]) = ([key], made.Empty() with { Targets = [MadeTrust.Target("1")] });
        }

        return made.Publish();
    }

    private static IEnumerable<string> Entries(MadeTrust made)
    {
        var (set, error) = made.Publish().Load();
        Assert.That(error, Is.Null);
        return set.ToRepositoryTrust(Now).Targets.Select(t => $"{t.Role} {t.Tag}");
    }
}
