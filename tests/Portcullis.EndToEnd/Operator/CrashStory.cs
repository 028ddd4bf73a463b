using Portcullis.EndToEnd.Clusters;
using Portcullis.EndToEnd.Programs;
using Portcullis.Testing.Faults;

namespace Portcullis.EndToEnd.Operator;

/// <summary>What the killed operator is busy with.</summary>
internal enum Chapter
{
    /// <summary>A new cluster and a first commit: everything is made.</summary>
    Making,

    /// <summary>A second commit: one of each is changed, added and removed, with everything behind it.</summary>
    Changing,
}

/// <summary>The two commits that the operator is killed over.</summary>
internal static class CrashStory
{
    /// <summary>Whatever the chapter begins with, up to the moment when the operator may be started.</summary>
    public static async Task BeginAsync(OperatorWorld world)
    {
        var mark = world.Mark;
        await world.Cluster.ApplyAsync(Manifests.RoleForOperator(mark));
        world.Git.Write("org.yaml", Manifests.Organization($"acme-{mark}", "web", "ann", "bert"));
        world.Git.Write("production.yaml", Manifests.Collection($"production-{mark}", $"/production-{mark}", $"shop-{mark}"));
        world.Git.Write("mobile.yaml", Manifests.Collection($"mobile-{mark}", $"/production-{mark}/mobile", $"mobile-api-{mark}"));
        world.Git.Write("role.yaml", Manifests.Role($"watcher-{mark}"));
        world.Git.Write("look.yaml", Manifests.Grant($"look-{mark}", "Team", $"acme-{mark}/web", "ViewOnly", $"/production-{mark}"));
        world.Git.Write("watch.yaml", Manifests.Grant($"watch-{mark}", "User", "bert", $"watcher-{mark}", $"/production-{mark}/mobile"));
        world.Git.Write("engines.yaml", Manifests.Hardening($"engines-{mark}", 6, ("test", mark)));
        world.Commit("Declare everything");
    }

    public static PortcullisProcess Start(OperatorWorld world) => world.StartOperator("--apply-crds");

    public static void Change(OperatorWorld world)
    {
        var mark = world.Mark;
        world.Git.Write("org.yaml", Manifests.Organization($"acme-{mark}", "web", "ann", "carl"));
        world.Git.Write("production.yaml", Manifests.Collection($"production-{mark}", $"/production-{mark}", $"shop-{mark}").Replace("\"20\"", "\"30\"", StringComparison.Ordinal));
        world.Git.Write("schedule.yaml", Manifests.Grant($"schedule-{mark}", "User", "ann", "Scheduler", $"/production-{mark}"));
        world.Git.Remove("mobile.yaml").Remove("watch.yaml").Remove("role.yaml").Remove("engines.yaml");
        world.Commit("Change one of each");
    }

    /// <summary>The write's name, the same in every run: names made at random and the world's mark are left out.</summary>
    public static string NameOf(SeenRequest request, OperatorWorld world)
    {
        var path = request.Path.Replace(world.Mark, "<mark>", StringComparison.Ordinal);
        var events = path.IndexOf("/events/", StringComparison.Ordinal);
        return $"{request.Method} {(events < 0 ? path : path[..(events + 7)])}";
    }

    /// <summary>Stored, and not the renewal of a lease, which a clock drives.</summary>
    public static bool IsPoint(SeenRequest request) =>
        request.IsWrite && !request.Query.Contains("dryRun=", StringComparison.Ordinal) && !(request.Method == "PATCH" && request.Path.Contains("/leases/", StringComparison.Ordinal));
}
