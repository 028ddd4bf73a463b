using System.Text;
using System.Text.Json;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Core.Scopes;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;
using Portcullis.Testing;

namespace Portcullis.Core.Tests.Scopes;

/// <summary>The claims of the kinds refuse exactly what the check by kind names refused: every manifest of the repository, under many scopes.</summary>
internal sealed class OldAndNewScopeCheckTests
{
    private static readonly SourceScope All = new()
    {
        Kinds = ["Collection", "Grant", "AccessRole", "Organization", "NodeHardening", "GitSource", "ConfigMap", "Namespace", "Secret", "Widget.example.org", "Role.rbac.authorization.k8s.io", "ServiceAccount", "ClusterRole"],
        Collections = ["/"],
        Namespaces = ["*"],
        Subjects = ["*"],
        Repositories = ["*"],
        Secrets = ["*"],
        MaximumRole = "FullControl",
    };

    private static readonly SourceScope[] Scopes =
    [
        new(), All, new() { Kinds = All.Kinds }, All with { Kinds = ["Grant"] }, All with { Collections = ["/staging", "/mobile", "/production/mobile/"] }, All with { Namespaces = ["mobile-*", "a*"] },
        All with { Subjects = ["User:*", "Organization:acme"] }, All with { Repositories = ["mobile/*"] }, All with { Secrets = ["mobile*"] }, All with { MaximumRole = "ViewOnly" },
        All with { MaximumRole = null }, All with { MaximumRole = "deployer" }, All with { MaximumRole = "RestrictedControl", Subjects = null, Namespaces = null },
    ];

    private static IEnumerable<TestCaseData> Revisions()
    {
        var fixtures = RepositoryFolder.Combine("tests", "Portcullis.Core.Tests", "Fixtures");
        var folders = Directory.EnumerateDirectories(Path.Combine(fixtures, "Revisions")).Concat(Directory.EnumerateDirectories(Path.Combine(fixtures, "Access"))).Append(RepositoryFolder.Combine("examples"));
        return folders.Order(StringComparer.Ordinal).Select(f => new TestCaseData(f).SetArgDisplayNames(Path.GetFileName(f)));
    }

    [TestCaseSource(nameof(Revisions))]
    public void Refuse_the_same(string folder)
    {
        var reader = new ManifestReader(CoreKinds.All);
        var files = Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(f => new RevisionFile(Path.GetRelativePath(folder, f), reader.Read(File.ReadAllBytes(f)))).ToList();
        var revision = RevisionContent.Assemble(files, CoreKinds.All, BuiltInKinds.Find).ToDeclared([], InForce(folder));
        var found = 0;
        foreach (var scope in Scopes)
        {
            foreach (var (root, verified, owner) in new[] { (false, false, (string?)null), (false, true, "other"), (true, false, null), (true, true, "other"), (false, false, "team") })
            {
                var holder = new ScopeHolder("team", root, scope, verified);
                var old = Lines(OldScopeCheck.Check(revision, holder, _ => owner));
                found += old.Count;
                Assert.That(Lines(ScopeCheck.Check(revision, holder, CoreKinds.All, _ => owner)), Is.EqualTo(old), JsonSerializer.Serialize(scope, Core.Sources.SourcesJsonContext.Default.SourceScope));
            }
        }

        TestContext.Out.WriteLine($"{revision.Objects.Count} objects, {found} problems");
    }

    private static List<System.Text.Json.Nodes.JsonObject> InForce(string folder) => File.Exists(Path.Combine(folder, "in-force.yaml"))
        ? [.. KubernetesYaml.Read(File.ReadAllBytes(Path.Combine(folder, "in-force.yaml"))).Documents.Select(d => (System.Text.Json.Nodes.JsonObject)d.Root)]
        : [];

    private static List<string> Lines(IEnumerable<RevisionProblem> problems) => [.. problems.Select(p => p.ToString()).Order(StringComparer.Ordinal)];
}
