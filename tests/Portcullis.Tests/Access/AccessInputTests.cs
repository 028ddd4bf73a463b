using Portcullis.Access;
using Portcullis.Core.Roles;
using Portcullis.Objects;

namespace Portcullis.Tests.Access;

internal sealed class AccessInputTests
{
    private readonly AccessInput<AccessRole, string> _input = new(
        (a, b) => a.Metadata.Generation == b.Metadata.Generation, r => new string($"{r.Key.Name}{r.Metadata.Generation}"));

    [Test]
    public void The_list_of_values_stays_the_same_while_no_content_changes()
    {
        var (a, b) = (Role("a", 1), Role("b", 1));
        var first = _input.Take([a, b]);
        Assert.That(first, Is.EqualTo(new[] { "a1", "b1" }));
        Assert.That(_input.Take([a, Role("b", 1)]), Is.SameAs(first));
        Assert.That(_input.Take([Role("b", 1), Role("a", 1)]), Is.SameAs(first));
    }

    [Test]
    public void What_did_not_change_keeps_its_value_when_something_else_does()
    {
        var (a, b, c) = (Role("a", 1), Role("b", 1), Role("c", 1));
        var first = _input.Take([a, b, c]);
        _input.Take([c, b, a]);
        var second = _input.Take([c, Role("b", 2), Role("a", 1)]);
        Assert.That(second, Is.EqualTo(new[] { "c1", "b2", "a1" }));
        Assert.That(second[0], Is.SameAs(first[2]));
        Assert.That(second[2], Is.SameAs(first[0]));
    }

    [Test]
    public void What_is_gone_is_gone_and_what_comes_back_is_new()
    {
        var (a, b) = (Role("a", 1), Role("b", 1));
        _input.Take([a, b]);
        Assert.That(_input.Take([b]), Is.EqualTo(new[] { "b1" }));
        Assert.That(_input.Take([Role("a", 3), b]), Is.EqualTo(new[] { "a3", "b1" }));
    }

    private static AccessRole Role(string name, long generation) => new()
    {
        Metadata = new ObjectMeta { Name = name, Generation = generation },
        Spec = new AccessRoleSpec { Rules = [] },
    };
}
