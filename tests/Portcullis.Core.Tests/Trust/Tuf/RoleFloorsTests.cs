using Portcullis.Core.Trust.Tuf;
using Portcullis.Testing.Trust;

namespace Portcullis.Core.Tests.Trust.Tuf;

/// <summary>Until when an older version of a role is refused (TUF specification 5.3.11, 5.4.3, 5.5.5 and 5.6.4).</summary>
[TestFixture]
internal sealed class RoleFloorsTests
{
    private const string Role = "targets/a";

    private static readonly TufKey A = MadeKey.Ed25519().Public;
    private static readonly TufKey B = MadeKey.Ed25519().Public;
    private static readonly TufKey C = MadeKey.Ed25519().Public;

    [Test]
    public void A_floor_holds_as_long_as_one_of_its_keys_may_sign()
    {
        var floors = RoleFloors.None.With(Role, 5, Keys(A, B));
        Assert.Multiple(() =>
        {
            Assert.That(floors.Of(Role, Keys(A, B)), Is.EqualTo(5));
            Assert.That(floors.Of(Role, Keys(C, A)), Is.EqualTo(5), "one of several is enough");
            Assert.That(floors.Of(Role, Keys(C)), Is.Zero, "all keys were exchanged");
            Assert.That(floors.Of(Role, Keys()), Is.Zero, "nobody may sign");
            Assert.That(floors.Of("targets/b", Keys(A, B)), Is.Zero, "another role");
            Assert.That((floors.Knows(Role), floors.Knows("targets/b")), Is.EqualTo((true, false)));
        });
    }

    /// <summary>Whoever could not sign the newest version has not driven it up.</summary>
    [TestCase("AB", "A")]
    [TestCase("A", "AB")]
    [TestCase("A", "B")]
    [TestCase("AB", "AC")]
    [TestCase("AB", "CB")]
    public void The_keys_of_a_floor_are_those_that_could_sign_when_it_was_last_seen(string before, string now)
    {
        var floors = RoleFloors.None.With(Role, 5, Named(before)).With(Role, 5, Named(now));
        foreach (var key in "ABC")
        {
            Assert.That(floors.Of(Role, Named($"{key}")), Is.EqualTo(now.Contains(key, StringComparison.Ordinal) ? 5 : 0), $"{key}");
        }
    }

    [TestCase(4)]
    [TestCase(6)]
    public void The_version_of_a_floor_is_the_one_that_was_last_seen(long version) =>
        Assert.That(RoleFloors.None.With(Role, 5, Keys(A)).With(Role, version, Keys(A)).Of(Role, Keys(A)), Is.EqualTo(version));

    /// <summary>Thousands of delegations are read again and again, and most say the same.</summary>
    [Test]
    public void The_same_seen_once_more_takes_no_more_memory()
    {
        var floors = RoleFloors.None.With(Role, 5, Keys(A, B));
        Assert.That(floors.With(Role, 5, Keys(B, A)), Is.SameAs(floors));
    }

    private static AuthorizedKeys Named(string keys) => Keys([.. keys.Select(k => k switch { 'A' => A, 'B' => B, _ => C })]);

    private static AuthorizedKeys Keys(params TufKey[] keys) => new(keys, 1);
}
