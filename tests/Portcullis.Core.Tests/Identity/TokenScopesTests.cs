using Portcullis.Core.Identity;

namespace Portcullis.Core.Tests.Identity;

[TestFixture]
internal sealed class TokenScopesTests
{
    private const string Host = "dtr.example.com:4443";

    [Test]
    public void A_scope_names_a_repository_and_actions()
    {
        var scope = Single("repository:admin/flask:pull,push");
        Assert.Multiple(() =>
        {
            Assert.That(scope.Type, Is.EqualTo("repository"));
            Assert.That(scope.Class, Is.Null);
            Assert.That(scope.Repository, Is.EqualTo("admin/flask"));
            Assert.That(scope.Actions, Is.EqualTo(new[] { "pull", "push" }));
        });
    }

    [Test]
    public void The_name_ends_at_the_last_colon_so_that_it_may_have_the_gateways_own_host_and_port()
    {
        var scope = Single("repository:dtr.example.com:4443/admin/flask:push,pull,*");
        Assert.Multiple(() =>
        {
            Assert.That(scope.Name, Is.EqualTo("dtr.example.com:4443/admin/flask"));
            Assert.That(scope.Repository, Is.EqualTo("admin/flask"));
            Assert.That(scope.Actions, Is.EqualTo(new[] { "push", "pull", "*" }));
        });
    }

    [Test]
    public void Several_scopes_stand_in_one_parameter_or_in_several()
    {
        var scopes = TokenScopes.Parse(["repository:a/b:pull repository:c/d:push", null, "registry:catalog:*"], Host);
        Assert.That(scopes.Asked.Select(s => s.Name), Is.EqualTo(new[] { "a/b", "c/d", "catalog" }));
    }

    [Test]
    public void The_same_repository_twice_is_asked_for_once_with_the_actions_of_both()
    {
        var scopes = TokenScopes.Parse(["repository:a/b:pull,pull", "repository:a/b:push"], Host);
        Assert.That(scopes.Asked.Single().Actions, Is.EqualTo(new[] { "pull", "push" }));
    }

    [Test]
    public void A_class_stands_in_brackets_after_the_type() => Assert.That(Single("repository(plugin):a/b:pull").Class, Is.EqualTo("plugin"));

    [Test]
    public void Unknown_actions_are_left_out() => Assert.That(Single("repository:a/b:pull,destroy").Actions, Is.EqualTo(new[] { "pull" }));

    [TestCase("")]
    [TestCase("repository")]
    [TestCase("repository:a/b")]
    [TestCase(":a/b:pull")]
    [TestCase("repository::pull")]
    [TestCase("repository:a/b:")]
    [TestCase("repository:a/b:destroy")]
    [TestCase("repository:a/*:pull")]
    [TestCase("repository:*:pull")]
    [TestCase("repository:a/../b:pull")]
    [TestCase("repository:..:pull")]
    [TestCase("repository:a//b:pull")]
    [TestCase("repository:/a/b:pull")]
    [TestCase("repository:Admin/flask:pull")]
    [TestCase("repository:a%2fb:pull")]
    [TestCase("repository:a%2Fb:pull")]
    [TestCase("repository:a\\b:pull")]
    [TestCase("repository:other.example.com:4443/a/b:pull")]
    [TestCase("repository:dtr.example.com:443/a/b:pull")]
    [TestCase("repository:DTR.example.com:4443/a/b:pull")]
    [TestCase("repository(:a/b:pull")]
    [TestCase("repository(Plugin):a/b:pull")]
    [TestCase("repository():a/b:pull")]
    [TestCase("Repository:a/b:pull")]
    [TestCase("registry:catalog:pull")]
    [TestCase("registry:other:*")]
    [TestCase("registry(x):catalog:*")]
    [TestCase("namespace:a/b:pull")]
    public void What_is_no_scope_of_ours_is_refused(string text)
    {
        var scopes = TokenScopes.Parse([text], Host);
        Assert.That(scopes.Asked, Is.Empty);
        Assert.That(scopes.Refused, Has.Count.EqualTo(text.Length == 0 ? 0 : 1));
    }

    [Test]
    public void No_more_than_fifty_scopes_are_read() =>
        Assert.That(TokenScopes.Parse(Enumerable.Range(0, 1000).Select(i => $"repository:a/b{i}:pull"), Host).Asked, Has.Count.EqualTo(50));

    private static TokenScope Single(string text)
    {
        var scopes = TokenScopes.Parse([text], Host);
        Assert.That(scopes.Refused, Is.Empty);
        return scopes.Asked.Single();
    }
}
