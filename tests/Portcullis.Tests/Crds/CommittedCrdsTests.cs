using System.Text;
using Portcullis.Commands;
using Portcullis.Core;
using Portcullis.Objects.Schemas;
using Portcullis.Objects.Yaml;
using Portcullis.Testing;

namespace Portcullis.Tests.Crds;

/// <summary>crds/ is made from the types; the C# is the source.</summary>
[TestFixture]
internal sealed class CommittedCrdsTests
{
    [Test]
    public void The_committed_files_are_what_the_types_say()
    {
        var folder = RepositoryFolder.Combine("crds");
        var expected = CrdsCommand.Files().ToDictionary(f => f.Name, f => f.Yaml, StringComparer.Ordinal);
        var committed = Directory.EnumerateFiles(folder, "*.yaml").ToDictionary(f => Path.GetFileName(f)!, File.ReadAllText, StringComparer.Ordinal);
        Assert.That(committed, Is.EqualTo(expected), "Run: dotnet run --project src/Portcullis -- crds");
    }

    [TestCaseSource(nameof(Kinds))]
    public void A_server_would_accept_it(KindDefinition kind)
    {
        var crd = CrdWriter.Crd(kind.Resource, kind.Options, kind.Type);
        Assert.That(CrdValidation.Validate(crd), Is.Empty);
        Assert.That(KubernetesYaml.Read(Encoding.UTF8.GetBytes(KubernetesYaml.Write(crd))).Errors, Is.Empty);
    }

    private static IEnumerable<TestCaseData> Kinds() => KindCatalog.Kinds.Select(k => new TestCaseData(k).SetArgDisplayNames(k.Resource.Kind));
}
