using System.Text.Json.Nodes;
using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Authorization;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Reviews;
using Portcullis.ApiServer.Tests.Authorization;
using Portcullis.ApiServer.Tests.Policy;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Tests.Reviews;

/// <summary>The reviews of rbac.json, answered as the real server answered them.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ReviewTests
{
    private readonly RbacWorld _world = new();

    [SetUp]
    public void SetUp()
    {
        var steps = Recordings.Steps("rbac.json");
        _ = _world.Store.Put(RbacKinds.Role, steps[4].ResponseBody().DeepClone().AsObject());
        _ = _world.Store.Put(RbacKinds.RoleBinding, steps[5].ResponseBody().DeepClone().AsObject());
    }

    [TestCase(11)]
    [TestCase(12)]
    [TestCase(13)]
    [TestCase(14)]
    [TestCase(15)]
    public void Answers_about_anybody_as_recorded(int step) => Compare(step, AccessReview.OfAnybody(_world.Authorizer), Requests.Admin);

    [TestCase(16)]
    [TestCase(17)]
    public void Answers_about_oneself_as_recorded(int step) => Compare(step, AccessReview.OfSelf(_world.Authorizer), Requests.User("ann"));

    [Test]
    public void Lists_ones_rules_as_recorded() => Compare(18, new SelfSubjectRulesReview(_world.Authorizer), Requests.User("ann"));

    [Test]
    public void Answers_in_a_namespace_as_recorded() => Compare(19, AccessReview.InNamespace(_world.Authorizer), Requests.Admin);

    [Test]
    public async Task Refuses_a_local_question_about_another_namespace()
    {
        var body = Recordings.Steps("rbac.json")[19].RequestBody();
        Assert.That(
            (await Assert.ThrowsAsync<StatusException>(() => AccessReview.InNamespace(_world.Authorizer).CreateAsync(
                Requests.Admin, Requests.Attributes("create", Requests.Pods, "other"), body, CancellationToken.None)))!.Code,
            Is.EqualTo(422));
    }

    [Test]
    public void Knows_no_garbage_token_as_recorded()
    {
        using var folder = new TemporaryFolder();
        Compare(38, new TokenReview(new TokenAuthenticators(new StaticTokens(folder.Path))), Requests.Admin);
    }

    private static void Compare(int number, IVirtualResource resource, UserInfo user)
    {
        var step = Recordings.Steps("rbac.json")[number];
        JsonObject answer;
        try
        {
            var attributes = Requests.Attributes("create", resource.Resource, resource.Resource.Namespaced ? "case-rbac" : "");
            answer = resource.CreateAsync(user, attributes, step.RequestBody(), CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (StatusException refused)
        {
            answer = refused.ToStatus();
        }

        var expected = step.ResponseBody().DeepClone().AsObject();
        _ = expected.Object("metadata")!.Remove("managedFields");
        Assert.That(JsonNode.DeepEquals(answer, expected), $"{Requests.Json(answer)}\n{Requests.Json(expected)}");
    }
}
