using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Authorization;
using Portcullis.ApiServer.Tests.Policy;
using Portcullis.Objects;

namespace Portcullis.ApiServer.Tests.Authorization;

/// <summary>The index must answer as a walk over everything stored would, after any history of writes.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RbacIndexPropertyTests
{
    private static readonly string[] Namespaces = ["a", "b", "c"];
    private static readonly string[] Verbs = ["get", "list", "create", "*"];
    private static readonly string[] Plurals = ["configmaps", "secrets", "pods", "*", "pods/log", "*/log"];

    [Test]
    public void Equals_a_naive_walk_over_random_histories([Range(1, 40)] int seed)
    {
        var random = new Random(seed);
        var world = new RbacWorld();
        for (var step = 0; step < 120; step++)
        {
            Change(world, random);
        }

        for (var question = 0; question < 300; question++)
        {
            var user = new UserInfo($"u{random.Next(4)}", [$"g{random.Next(3)}", "system:authenticated"]);
            var @namespace = random.Next(4) == 0 ? "" : Pick(random, Namespaces);
            var request = random.Next(8) == 0
                ? Requests.Path("get", Pick(random, ["/healthz", "/api/v1", "/secret"]))
                : Requests.Attributes(
                    Pick(random, Verbs[..3]),
                    new ApiResource("", "v1", "X", Pick(random, Plurals[..3]), true),
                    @namespace,
                    random.Next(2) == 0 ? "" : $"o{random.Next(2)}",
                    random.Next(3) == 0 ? "log" : "");
            Assert.That(world.Authorizer.Authorize(user, request).Allowed, Is.EqualTo(Walk(world, user, request)), $"{user.Name} {request}");
        }
    }

    private static void Change(RbacWorld world, Random random)
    {
        var @namespace = random.Next(4) == 0 ? "" : Pick(random, Namespaces);
        var name = $"x{random.Next(4)}";
        switch (random.Next(4))
        {
            case 0:
                _ = world.Role(@namespace, name, [.. Enumerable.Range(0, random.Next(3)).Select(_ => RandomRule(random))]);
                break;
            case 1:
                Remove(world, @namespace.Length == 0 ? RbacKinds.ClusterRole : RbacKinds.Role, new ObjectKey(@namespace, name));
                break;
            case 2:
                var kind = @namespace.Length == 0 || random.Next(2) == 0 ? "ClusterRole" : "Role";
                _ = world.Bind(@namespace, name, kind, $"x{random.Next(4)}", [.. Enumerable.Range(0, random.Next(4)).Select(_ => RandomSubject(random))]);
                break;
            default:
                Remove(world, @namespace.Length == 0 ? RbacKinds.ClusterRoleBinding : RbacKinds.RoleBinding, new ObjectKey(@namespace, name));
                break;
        }
    }

    private static void Remove(RbacWorld world, ApiResource resource, ObjectKey key)
    {
        if (world.Store.Get(resource, key) is not null)
        {
            world.Store.Delete(resource, key);
        }
    }

    private static PolicyRule RandomRule(Random random) => random.Next(6) == 0
        ? new PolicyRule { Verbs = ["get"], NonResourceUrls = [Pick(random, ["/secret", "/api/*"])] }
        : RbacWorld.Rule(Pick(random, Verbs), "", Pick(random, Plurals), random.Next(3) == 0 ? [$"o{random.Next(2)}"] : []);

    private static BindingSubject RandomSubject(Random random) =>
        random.Next(2) == 0 ? RbacWorld.User($"u{random.Next(4)}") : RbacWorld.Group($"g{random.Next(3)}");

    private static bool Walk(RbacWorld world, UserInfo user, Portcullis.ApiServer.Http.RequestAttributes request)
    {
        var bindings = world.Store.List(RbacKinds.ClusterRoleBinding).ToList();
        if (request.IsResourceRequest && request.Namespace.Length > 0)
        {
            bindings.AddRange(world.Store.List(RbacKinds.RoleBinding, request.Namespace));
        }

        foreach (var stored in bindings)
        {
            var binding = RbacBinding.Parse(stored.Key, stored.Object);
            var applies = binding.Subjects.Any(s => s.IsGroup ? user.Groups.Contains(s.Name) : s.RequestName == user.Name);
            var role = world.Store.Get(binding.RoleKind == "ClusterRole" ? RbacKinds.ClusterRole : RbacKinds.Role, binding.RoleKey);
            if (applies && role is not null && PolicyRule.ParseRules(role.Object).Any(rule => rule.Allows(request)))
            {
                return true;
            }
        }

        return false;
    }

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}
