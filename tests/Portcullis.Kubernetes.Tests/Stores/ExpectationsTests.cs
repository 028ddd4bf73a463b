using Portcullis.Kubernetes.Stores;
using Portcullis.Objects;
using Portcullis.Testing;

namespace Portcullis.Kubernetes.Tests.Stores;

/// <summary>A write of ours, its answer, its echo on the watch, and somebody else's writes, in every order in which they can come.</summary>
internal sealed class ExpectationsTests
{
    private static readonly ObjectKey Key = new("team", "viewers");

    private readonly ManualTimeProvider _time = new();
    private readonly Expectations<string> _expected;
    private readonly Expectations<string> _asking;

    public ExpectationsTests()
    {
        _expected = new Expectations<string>(_time);
        _asking = new Expectations<string>(_time, asks: true);
    }

    [Test]
    public void An_echo_after_the_answer_is_no_foreign_change()
    {
        Assert.That(Wrote(null, "2"), Is.True);
        Assert.That(Shown(null), Is.EqualTo("2"), "the store does not show it yet");
        Assert.That(Observe("2"), Is.EqualTo(ChangeOrigin.Own));
        Assert.That(_expected.Count, Is.Zero);
        Assert.That(Observe("2"), Is.EqualTo(ChangeOrigin.Foreign), "an echo comes once");
    }

    [Test]
    public void An_echo_before_the_answer_is_no_foreign_change()
    {
        using var write = _expected.Begin(Key, null);
        Assert.That(Observe("2"), Is.EqualTo(ChangeOrigin.Undecided));
        Assert.That(write.Answered("2", "ours"), Is.True);
        Assert.That(Shown("2"), Is.EqualTo("2"));
        Assert.That(_expected.Count, Is.Zero);
    }

    [Test]
    public void The_echo_of_a_deletion_may_come_before_or_after_its_answer()
    {
        using (var write = _expected.Begin(Key, "2"))
        {
            Assert.That(Gone("3"), Is.EqualTo(ChangeOrigin.Undecided));
            Assert.That(write.Deleted(), Is.True);
            Assert.That(_expected.Count, Is.Zero);
        }

        using (var write = _expected.Begin(Key, "2"))
        {
            Assert.That(write.Deleted(), Is.True);
            Assert.That(Shown("2"), Is.Null, "the store shows it still");
            Assert.That(Gone("3"), Is.EqualTo(ChangeOrigin.Own));
            Assert.That(_expected.Count, Is.Zero);
        }
    }

    [Test]
    public void What_somebody_else_did_before_the_answer_must_be_looked_at()
    {
        using var write = _expected.Begin(Key, "1");
        Observe("2");
        Assert.That(write.Answered("3", "ours"), Is.False);
        Assert.That(Shown("2"), Is.EqualTo("3"), "the answer came after it");
        Assert.That(Observe("3"), Is.EqualTo(ChangeOrigin.Own));
    }

    [Test]
    public void What_somebody_else_did_before_the_write_and_the_watch_shows_after_its_answer_is_foreign_but_does_not_hide_the_answer()
    {
        Wrote("1", "3");
        Assert.That(Observe("2"), Is.EqualTo(ChangeOrigin.Foreign));
        Assert.That(Shown("2"), Is.EqualTo("3"));
    }

    [Test]
    public void An_object_made_and_deleted_again_before_the_answer_must_be_looked_at()
    {
        using var write = _expected.Begin(Key, null);
        Observe("2");
        Gone("3");
        Assert.That(write.Answered("2", "ours"), Is.False);
        Assert.That(Shown(null), Is.Null);
    }

    [Test]
    public void What_somebody_else_did_after_the_answer_is_foreign()
    {
        Wrote("1", "2");
        Observe("2");
        Assert.That(Observe("3"), Is.EqualTo(ChangeOrigin.Foreign));
        Assert.That(Shown("3"), Is.EqualTo("3"));
    }

    [Test]
    public void Of_a_write_without_an_answer_nothing_is_known()
    {
        using (_expected.Begin(Key, "1"))
        {
        }

        Assert.That(Observe("2"), Is.EqualTo(ChangeOrigin.Foreign));
        Assert.That(Shown("1"), Is.EqualTo("1"));
        Assert.That(_expected.Count, Is.Zero);
    }

    [Test]
    public void A_write_that_changed_nothing_has_no_echo()
    {
        Assert.That(Wrote("2", "2"), Is.True);
        Assert.That(_expected.Count, Is.Zero);
    }

    [Test]
    public void A_deletion_of_what_is_shown_as_gone_has_no_echo()
    {
        Assert.That(Deleted(null), Is.True);
        Assert.That(_expected.Count, Is.Zero);
        Wrote(null, "2");
        Deleted(null);
        Deleted(null);
        Observe("2");
        Gone("3");
        Assert.That(_expected.Count, Is.Zero);
    }

    [Test]
    public void A_deletion_hides_what_the_watch_shows_from_before_it()
    {
        Deleted("1");
        Assert.That(Observe("2"), Is.EqualTo(ChangeOrigin.Foreign), "an edit just before the deletion");
        Assert.That(Shown("2"), Is.Null);
        Assert.That(Gone("3"), Is.EqualTo(ChangeOrigin.Own));
        Observe("4");
        Assert.That(Shown("4"), Is.EqualTo("4"), "made anew by somebody else");
    }

    [Test]
    public void A_deletion_hides_an_object_whose_own_echo_came_while_it_was_under_way()
    {
        Wrote(null, "2");
        using var write = _expected.Begin(Key, null);
        Assert.That(Observe("2"), Is.EqualTo(ChangeOrigin.Own));
        Assert.That(write.Deleted(), Is.True);
        Assert.That(Shown("2"), Is.Null);
    }

    [Test]
    public void A_deletion_from_before_a_write_is_not_that_of_the_deletion_after_it()
    {
        Wrote("1", "3");
        Deleted("1");
        Assert.That(Gone("2"), Is.EqualTo(ChangeOrigin.Foreign));
        Observe("3");
        Assert.That(Shown("3"), Is.Null);
        Assert.That(Gone("4"), Is.EqualTo(ChangeOrigin.Own));
        Assert.That(_expected.Count, Is.Zero);
    }

    [Test]
    public void An_object_that_is_replaced_stays_replaced_while_the_watch_shows_its_deletion()
    {
        Deleted("1");
        Wrote("1", "3");
        Assert.That(Gone("2"), Is.EqualTo(ChangeOrigin.Own));
        Assert.That(Shown(null), Is.EqualTo("3"));
        Assert.That(Observe("3"), Is.EqualTo(ChangeOrigin.Own));
        Assert.That(_expected.Count, Is.Zero);
    }

    [Test]
    public void A_deletion_that_was_still_to_come_when_the_object_was_written_again_takes_it_away()
    {
        Deleted("1");
        Wrote("1", "3");
        Observe("2");
        Observe("3");
        Assert.That(Gone("4"), Is.EqualTo(ChangeOrigin.Foreign), "a finalizer had kept the object, and the write went to what was left of it");
        Assert.That(Shown(null), Is.Null);
    }

    [Test]
    public void The_deletion_of_an_object_that_is_replaced_may_come_while_it_is_written_again()
    {
        Deleted("1");
        using var write = _expected.Begin(Key, "1");
        Gone("2");
        Assert.That(write.Answered("3", "ours"), Is.True);
        Assert.That(Shown(null), Is.EqualTo("3"));
    }

    [Test]
    public void A_list_that_shows_nothing_of_what_was_written_before_it_is_believed()
    {
        Wrote(null, "2");
        Assert.That(_expected.Doubt(), Is.EqualTo(new[] { Key }), "somebody may have deleted it before the list");
        Assert.That(Shown(null), Is.Null);
        Assert.That(_expected.Doubt(), Is.Empty);
        Assert.That(_expected.Count, Is.Zero);
    }

    [Test]
    public void A_write_during_which_everything_was_listed_must_be_looked_at()
    {
        using var write = _expected.Begin(Key, null);
        _expected.Doubt();
        Assert.That(write.Answered("2", "ours"), Is.False);
        Assert.That(Shown(null), Is.Null);
    }

    [Test]
    public void A_list_that_shows_an_object_ends_its_deletion()
    {
        Deleted("1");
        Assert.That(_expected.Observe(Key, new Sighting("9", IsDeletion: false, IsListed: true)), Is.EqualTo(ChangeOrigin.Foreign));
        Assert.That(Shown("9"), Is.EqualTo("9"), "it was made anew between two events that the watch left out");
    }

    [Test]
    public void A_server_that_was_set_back_has_what_it_shows()
    {
        Wrote("10", "11");
        Observe("5");
        Assert.That(Shown("5"), Is.EqualTo("5"));
        using var write = _expected.Begin(Key, "10");
        Observe("5");
        Assert.That(write.Answered("11", "ours"), Is.False);
    }

    [Test]
    public void Versions_that_are_no_numbers_are_compared_for_equality()
    {
        Wrote("a", "c");
        Assert.That(Shown("a"), Is.EqualTo("c"));
        Assert.That(Observe("b"), Is.EqualTo(ChangeOrigin.Foreign));
        Assert.That(Shown("b"), Is.EqualTo("b"), "it may be the newer one");
        Assert.That(Observe("c"), Is.EqualTo(ChangeOrigin.Own));
    }

    [Test]
    public void Of_two_versions_that_are_no_numbers_and_come_before_the_answer_the_store_has_the_one_that_counts()
    {
        using var write = _expected.Begin(Key, "a");
        Observe("b");
        Assert.That(write.Answered("c", "ours"), Is.False);
        Assert.That(Shown("b"), Is.EqualTo("b"));
    }

    [Test]
    public void An_object_that_is_replaced_stays_replaced_where_versions_are_no_numbers()
    {
        Deleted("a");
        Wrote("a", "c");
        Assert.That(Gone("b"), Is.EqualTo(ChangeOrigin.Own));
        Assert.That(Shown(null), Is.EqualTo("c"));
    }

    [Test]
    public void Of_two_writes_at_the_same_time_the_newer_one_counts_however_their_answers_come()
    {
        using var first = _expected.Begin(Key, "1");
        using var second = _expected.Begin(Key, "1");
        second.Answered("3", "ours");
        first.Answered("2", "ours");
        Assert.That(Shown("1"), Is.EqualTo("3"));
        Assert.That(Observe("2"), Is.EqualTo(ChangeOrigin.Own));
        Assert.That(Observe("3"), Is.EqualTo(ChangeOrigin.Own));
        Assert.That(_expected.Count, Is.Zero);
    }

    [Test]
    public void An_answer_without_an_echo_counts_for_fifteen_seconds()
    {
        Wrote("1", "2");
        _time.Advance(TimeSpan.FromSeconds(14));
        Assert.That(Shown("1"), Is.EqualTo("2"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Shown("1"), Is.EqualTo("1"));
        Assert.That(_expected.Count, Is.Zero);
    }

    [Test]
    public void A_namespace_has_what_is_expected_of_its_own_objects()
    {
        Wrote(null, "2");
        Assert.That(_expected.In(Key.Namespace).Select(e => e.Key), Is.EqualTo(new[] { Key }));
        Assert.That(_expected.In("other"), Is.Empty);
    }

    [Test]
    public void The_server_is_to_be_asked_about_a_write_without_an_answer()
    {
        using (_asking.Begin(Key, "1"))
        {
        }

        Assert.That(_asking.Find(Key)?.IsDoubted, Is.True);
        _asking.Observe(Key, new Sighting("2", IsDeletion: false, IsListed: false));
        Assert.That(_asking.Find(Key)?.IsDoubted, Is.True, "that may have been an earlier change");
        _asking.Learn(Key, "3", "theirs");
        Assert.That(_asking.Find(Key), Is.EqualTo(new Expected<string>(Key, new Written<string>("2", "3", "theirs"), IsDoubted: false)));
        _asking.Observe(Key, new Sighting("3", IsDeletion: false, IsListed: false));
        Assert.That(_asking.Count, Is.Zero);
    }

    [Test]
    public void The_echo_of_one_doubted_write_says_nothing_of_another_whose_answer_was_lost()
    {
        using (var write = _asking.Begin(Key, "1"))
        using (_asking.Begin(Key, "1"))
        {
            write.Answered("2", "ours");
        }

        _asking.Doubt();
        _asking.Observe(Key, new Sighting("2", IsDeletion: false, IsListed: false));
        Assert.That(_asking.Find(Key)?.IsDoubted, Is.True);
    }

    [Test]
    public void A_server_that_has_what_the_store_shows_ends_the_doubt()
    {
        using (_asking.Begin(Key, "2"))
        {
        }

        _asking.Learn(Key, "2", "ours");
        Assert.That(_asking.Count, Is.Zero);
    }

    [Test]
    public void An_answer_that_is_not_echoed_in_time_is_doubted_until_the_echo_comes()
    {
        using (var write = _asking.Begin(Key, "1"))
        {
            write.Answered("3", "ours");
        }

        _time.Advance(Expectations<string>.Patience);
        Assert.That(_asking.Find(Key), Is.EqualTo(new Expected<string>(Key, null, IsDoubted: true)));
        _asking.Observe(Key, new Sighting("2", IsDeletion: false, IsListed: false));
        Assert.That(_asking.Find(Key)?.IsDoubted, Is.True);
        _asking.Observe(Key, new Sighting("3", IsDeletion: false, IsListed: false));
        Assert.That(_asking.Count, Is.Zero);
    }

    [Test]
    public void A_later_answer_ends_the_doubt_of_an_earlier_write()
    {
        using (_asking.Begin(Key, "1"))
        {
        }

        using (var write = _asking.Begin(Key, "1"))
        {
            write.Answered("3", "ours");
        }

        Assert.That(_asking.Find(Key)?.IsDoubted, Is.False);
    }

    [Test]
    public void A_doubted_object_that_is_gone_is_forgotten()
    {
        using (_asking.Begin(Key, "1"))
        {
        }

        _asking.Forget(Key);
        Assert.That(_asking.Count, Is.Zero);
    }

    private bool Wrote(string? upon, string version)
    {
        using var write = _expected.Begin(Key, upon);
        return write.Answered(version, "ours");
    }

    private bool Deleted(string? upon)
    {
        using var write = _expected.Begin(Key, upon);
        return write.Deleted();
    }

    private ChangeOrigin Observe(string version) => _expected.Observe(Key, new Sighting(version, IsDeletion: false, IsListed: false));

    private ChangeOrigin Gone(string version) => _expected.Observe(Key, new Sighting(version, IsDeletion: true, IsListed: false));

    /// <summary>The version that counts when the store shows this one.</summary>
    private string? Shown(string? store) =>
        _expected.Find(Key)?.Written is { } written && written.IsAheadOf(store) ? written.Made : store;
}
