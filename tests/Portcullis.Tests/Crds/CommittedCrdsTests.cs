using Portcullis.Commands;
using Portcullis.Testing;

namespace Portcullis.Tests.Crds;

/// <summary>crds/ is made from the types; the C# is the source.</summary>
[TestFixture]
internal sealed class CommittedCrdsTests
{
    [Test]
    public void The_committed_folder_is_what_the_types_say()
    {
        var expected = CrdsCommand.Files().ToDictionary(f => f.Name, f => f.Yaml, StringComparer.Ordinal);
        var committed = Directory.EnumerateFiles(RepositoryFolder.Combine("crds"))
            .ToDictionary(f => Path.GetFileName(f)!, File.ReadAllText, StringComparer.Ordinal);
        Assert.That(committed, Is.EqualTo(expected), "Run: dotnet run --project src/Portcullis -- crds");
    }
}
