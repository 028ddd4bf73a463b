using Portcullis.Core.Access;
using Portcullis.Core.Collections;
using Portcullis.Objects;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Tests.Access;

/// <summary>
/// Whose a registry repository is and who may do what in it: <c>Fixtures/Repositories/SENTENCE/given.yaml</c> ends with the questions, and
/// <c>answers.txt</c> has the answers. UPDATE_FIXTURES=1 writes them anew.
/// </summary>
internal sealed class RepositoryFixtureTests
{
    private static readonly FixtureFolder Examples = new("Repositories");

    private static IEnumerable<string> Cases => Examples.Sentences;

    [TestCaseSource(nameof(Cases))]
    public void Answers_as_written(string sentence) => Examples.AssertIs(Answers(Given(sentence)), sentence, "answers.txt");

    [TestCaseSource(nameof(Cases))]
    public void Answers_the_same_in_whatever_order_it_is_told(string sentence) =>
        Assert.That(Answers(string.Join("\n---\n", Given(sentence).Split("\n---\n").Reverse())), Is.EqualTo(Answers(Given(sentence))));

    private static string Given(string sentence) => Examples.Read(sentence, "given.yaml");

    private static string Answers(string given)
    {
        var world = AccessWorld.Read(given);
        var model = world.Model();
        var asked = world.Get("Questions", ObjectKey.Cluster("asked"))!;
        var users = asked.Array("users")!.Select(u => new AccessUser(u.String("name")!) { Groups = [.. (u.Array("groups") ?? []).Select(g => g!.GetValue<string>())] }).ToList();
        return string.Concat(Problems(world, model.Tree).Concat(asked.Array("repositories")!.SelectMany(r => OfRepository(model, r!.GetValue<string>(), users))).Select(l => l + "\n"));
    }

    private static IEnumerable<string> Problems(AccessWorld world, CollectionTree tree) =>
        from collection in world.All<Collection>()
        from problem in tree.ByName(collection.Key.Name)!.Problems
        select $"Collection {collection.Key}: {problem.Reason} {problem.Field}: {problem.Message}";

    private static IEnumerable<string> OfRepository(AccessModel model, string repository, IReadOnlyList<AccessUser> users)
    {
        yield return $"{repository}: {(model.Repositories.CollectionOf(repository) is { } collection ? $"in {collection.Path}" : "in no collection")}";
        foreach (var grant in model.Repositories.On(repository, AccessWorld.Now))
        {
            yield return $"  Grant {grant.Grant}: {grant.Permission} for {string.Join(", ", grant.Subjects)}";
        }

        foreach (var user in users)
        {
            yield return $"  {user.Name}: {model.Repositories.PermissionOn(user, repository, AccessWorld.Now)?.ToString() ?? "nothing"}";
        }
    }
}
