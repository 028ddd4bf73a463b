using Portcullis.Core.Kinds;
using Portcullis.Objects.Yaml;
using Portcullis.Schemas.Crds;
using Portcullis.Testing;

namespace Portcullis.Core.Tests.Crds;

/// <summary>The types are the source, <c>crds/</c> is generated from them.</summary>
public class CrdTests
{
    private static readonly string Folder = RepositoryFolder.Combine("crds");

    private static IEnumerable<TestCaseData> Kinds() => CoreKinds.All.All.Select(k => new TestCaseData(k).SetArgDisplayNames(k.Resource.Kind));

    [TestCaseSource(nameof(Kinds))]
    public void Committed_yaml_matches_types(KindDefinition kind)
    {
        var generated = KubernetesYaml.Write(CrdWriter.Crd(kind.Resource, kind.Options, kind.Type));
        var file = Path.Combine(Folder, kind.Resource.Plural + ".yaml");
        if (Environment.GetEnvironmentVariable("UPDATE_FIXTURES") == "1")
        {
            File.WriteAllText(file, generated);
        }

        var committed = File.Exists(file) ? File.ReadAllText(file) : "";
        Assert.That(committed, Is.EqualTo(generated), $"crds/{kind.Resource.Plural}.yaml is stale; run: portcullis crds");
    }

    [TestCaseSource(nameof(Kinds))]
    public void A_server_would_accept_it(KindDefinition kind) =>
        Assert.That(CrdValidation.Validate(CrdWriter.Crd(kind.Resource, kind.Options, kind.Type)), Is.Empty);

    [Test]
    public void No_file_is_left_of_a_kind_that_is_gone() =>
        Assert.That(
            Directory.EnumerateFiles(Folder, "*.yaml").Select(Path.GetFileNameWithoutExtension),
            Is.EquivalentTo(CoreKinds.All.All.Select(k => k.Resource.Plural).Append("kustomization")));

    [Test]
    public void Kustomize_takes_every_kind() =>
        Assert.That(
            File.ReadLines(Path.Combine(Folder, "kustomization.yaml")).Where(l => l.StartsWith("  - ", StringComparison.Ordinal)).Select(l => l[4..]),
            Is.EquivalentTo(CoreKinds.All.All.Select(k => k.Resource.Plural + ".yaml")));
}
