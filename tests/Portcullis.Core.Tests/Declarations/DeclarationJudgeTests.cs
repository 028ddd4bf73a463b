using Portcullis.Core.Declarations;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Declarations;

[TestFixture]
internal sealed class DeclarationJudgeTests
{
    private static readonly DeclarationFacts Edited = new() { Generation = 3, Uid = "u", Source = "root", HasSource = true };
    private static readonly DeclarationFacts Loaded = Edited with { IsLoaded = true, IsDeclared = true };

    [Test]
    public void What_its_source_found_to_be_as_declared_at_this_generation_is_confirmed()
    {
        var state = DeclarationJudge.Judge(Loaded with { Confirmed = new Confirmation("u", 3, "c1") });
        Assert.That(state, Is.EqualTo(new DeclarationState.Confirmed(new Declaration { Generation = 3, Commit = "c1", Source = "root" })));
    }

    [TestCase("u", 2, TestName = "Another_generation_was_edited")]
    [TestCase("v", 3, TestName = "Another_object_of_that_name_is_not_the_confirmed_one")]
    public void Anything_else_was_edited(string uid, int generation) =>
        Assert.That(DeclarationJudge.Judge(Loaded with { Confirmed = new Confirmation(uid, generation, null) }), Is.EqualTo(new DeclarationState.Edited("root")));

    [Test]
    public void A_loaded_source_is_believed_and_not_the_status()
    {
        var facts = Loaded with { Reported = new Declaration { Generation = 3, Source = "root" } };
        Assert.That(DeclarationJudge.Judge(facts), Is.EqualTo(new DeclarationState.Edited("root")));
        Assert.That(DeclarationJudge.Judge(facts with { IsDeclared = false }), Is.TypeOf<DeclarationState.Undeclared>());
    }

    [Test]
    public void Until_its_source_is_loaded_the_status_says_what_was_confirmed()
    {
        var reported = new Declaration { Generation = 3, Commit = "c1", Source = "root" };
        Assert.That(DeclarationJudge.Judge(Edited with { Reported = reported }), Is.EqualTo(new DeclarationState.Confirmed(reported)));
    }

    [Test]
    public void Until_its_source_is_loaded_nobody_knows_what_was_never_confirmed_or_edited_since_or_confirmed_by_another()
    {
        foreach (var reported in new[] { null, new Declaration { Generation = 2, Source = "root" }, new Declaration { Generation = 3, Source = "other" } })
        {
            Assert.That(DeclarationJudge.Judge(Edited with { Reported = reported }), Is.TypeOf<DeclarationState.Unknown>());
        }
    }

    [Test]
    public void Nobody_knows_what_a_source_declares_that_may_itself_be_edited() =>
        Assert.That(
            DeclarationJudge.Judge(Loaded with { IsSourceSettled = false, Confirmed = new Confirmation("u", 3, null) }), Is.TypeOf<DeclarationState.Unknown>());

    [Test]
    public void What_has_no_source_or_one_that_is_gone_is_declared_by_nobody()
    {
        var reported = new Declaration { Generation = 3, Source = "root" };
        Assert.That(DeclarationJudge.Judge(Edited with { Source = null, Reported = reported }), Is.TypeOf<DeclarationState.Undeclared>());
        Assert.That(DeclarationJudge.Judge(Edited with { HasSource = false, Reported = reported }), Is.TypeOf<DeclarationState.Undeclared>());
    }
}
