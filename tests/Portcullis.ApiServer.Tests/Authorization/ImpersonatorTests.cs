using Microsoft.Extensions.Primitives;
using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Authorization;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Tests.Policy;

namespace Portcullis.ApiServer.Tests.Authorization;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ImpersonatorTests
{
    private readonly RbacWorld _world = new();

    [Test]
    public void A_master_may_be_anybody()
    {
        var user = Resolve(Requests.Admin, new("ann") { Groups = ["g1"], Uid = "7" });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(user.Name, Is.EqualTo("ann"));
            Assert.That(user.Uid, Is.EqualTo("7"));
            Assert.That(user.Groups, Is.EqualTo(["g1", "system:authenticated"]));
        }
    }

    [Test]
    public void A_service_account_gets_its_own_groups()
    {
        var user = Resolve(Requests.Admin, new("system:serviceaccount:a:bot"));
        Assert.That(user.Groups, Is.EqualTo(["system:serviceaccounts", "system:serviceaccounts:a", "system:authenticated"]));
    }

    [Test]
    public void Each_part_of_the_other_identity_needs_the_verb()
    {
        _ = _world
            .Role("", "imp", RbacWorld.Rule("impersonate", "", "users", "bob"), RbacWorld.Rule("impersonate", "authentication.k8s.io", "userextras/scopes", "read"))
            .Bind("", "imp", "ClusterRole", "imp", RbacWorld.User("ann"));
        var ann = Requests.User("ann");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Resolve(ann, new("bob")).Name, Is.EqualTo("bob"));
            Assert.That(Resolve(ann, new("bob") { Extra = Extra("scopes", "read") }).Extra, Contains.Key("scopes"));
            Assert.That(
                Refusal(ann, new("zoe")),
                Is.EqualTo("users \"zoe\" is forbidden: User \"ann\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope"));
            Assert.That(Refusal(ann, new("bob") { Groups = ["system:masters"] }), Does.StartWith("groups \"system:masters\" is forbidden"));
            Assert.That(Refusal(ann, new("bob") { Extra = Extra("scopes", "write") }), Does.Contain("userextras/scopes"));
            Assert.That(Refusal(ann, new("bob") { Uid = "1" }), Does.StartWith("uids.authentication.k8s.io \"1\" is forbidden"));
            Assert.That(Refusal(ann, new("system:serviceaccount:a:bot")), Does.Contain("resource \"serviceaccounts\" in API group \"\" in the namespace \"a\""));
        }
    }

    [Test]
    public void Reads_the_headers_whatever_their_case()
    {
        var request = ImpersonationRequest.Read(new Dictionary<string, StringValues>
        {
            ["impersonate-user"] = "ann",
            ["IMPERSONATE-GROUP"] = new(["a", "b"]),
            ["Impersonate-Extra-Acme.com%2fProject"] = "x",
        })!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(request.User, Is.EqualTo("ann"));
            Assert.That(request.Groups, Is.EqualTo(["a", "b"]));
            Assert.That(request.Extra["acme.com/project"], Is.EqualTo(["x"]));
            Assert.That(ImpersonationRequest.Read([]), Is.Null);
        }
    }

    private static Dictionary<string, IReadOnlyList<string>> Extra(string name, string value) => new() { [name] = [value] };

    private UserInfo Resolve(UserInfo requester, ImpersonationRequest wanted) => new Impersonator(_world.Authorizer).Resolve(requester, wanted);

    private string Refusal(UserInfo requester, ImpersonationRequest wanted) =>
        Assert.Throws<StatusException>(() => Resolve(requester, wanted))!.Message;
}
