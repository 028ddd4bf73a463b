using System.Text.Json;
using Portcullis.Core.Roles;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;

namespace Portcullis.Core.Tests.Roles;

/// <summary>
/// What a role comes to, as a reader checks it against the table of operations: <c>Fixtures/Roles/SENTENCE/role.yaml</c>, and <c>role.txt</c>.
/// The roles that ship with the program are in <c>Fixtures/Roles/built-in.txt</c>. UPDATE_FIXTURES=1 writes the texts anew.
/// </summary>
internal sealed class RoleFixtureTests
{
    private static readonly FixtureFolder Examples = new("Roles");

    private static IEnumerable<string> Cases => Examples.Sentences;

    [TestCaseSource(nameof(Cases))]
    public void Comes_to_what_is_written(string sentence)
    {
        var declared = KubernetesYaml.Read(Examples.ReadBytes(sentence, "role.yaml")).Documents.Single().Root.Deserialize(AccessRole.JsonType)!;
        var (role, problems) = RoleResolution.Of(declared.Metadata.Name!, declared.Spec);
        Examples.AssertIs(Text([.. problems.Select(p => $"problem {p.Field}: {p.Message}"), .. Lines(role)]), sentence, "role.txt");
    }

    [Test]
    public void Built_in_roles_come_to_what_is_written() => Examples.AssertIs(Text(BuiltInRoles.All.SelectMany(Lines)), "built-in.txt");

    [Test]
    public void A_built_in_role_is_found_in_whatever_case_it_is_written() =>
        Assert.That(BuiltInRoles.Names.Select(n => BuiltInRoles.Find(n)!.Name), Is.EqualTo(BuiltInRoles.All.Select(r => r.Name)));

    private static IEnumerable<string> Lines(ResolvedRole role) =>
    [
        $"{role.ClusterRoleName}{(role.IsEmpty ? " (gives nothing in Kubernetes)" : "")}",
        $"  labels {role.ClusterRole()["metadata"]!["labels"]!.ToJsonString()}",
        .. role.ClusterRole().Array("rules")!.Select(r => "  rule " + r!.ToJsonString()),
        .. role.Operations.Select(o => $"  operation {o.Key}{(o.Value.Count == 0 ? "" : $" [{string.Join(", ", o.Value)}]")}"),
        .. role.Options.Select(o => $"  option {o}"),
        $"  outside Kubernetes: {string.Join(", ", role.OutsideKubernetes)}",
    ];

    private static string Text(IEnumerable<string> lines) => string.Concat(lines.Select(l => l + "\n"));
}
