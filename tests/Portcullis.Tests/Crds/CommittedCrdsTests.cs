using System.Text.Json.Nodes;
using Portcullis.Commands;
using Portcullis.Kinds;
using Portcullis.Schemas.Crds;
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

    [Test]
    public void The_committed_reference_is_what_the_types_say()
    {
        var expected = CrdsCommand.Reference().ToDictionary(f => f.Name, f => f.Text, StringComparer.Ordinal);
        var committed = Directory.EnumerateFiles(RepositoryFolder.Combine("docs", "api"))
            .ToDictionary(f => Path.GetFileName(f)!, File.ReadAllText, StringComparer.Ordinal);
        Assert.That(committed, Is.EqualTo(expected), "Run: dotnet run --project src/Portcullis -- crds --reference docs/api");
    }

    /// <summary><c>kubectl explain</c> says of each what it is for.</summary>
    [Test]
    public void Every_field_has_a_description()
    {
        var lacking = from kind in Catalog.Default.Kinds.All
                      let schema = CrdWriter.Crd(kind.Resource, kind.Options, kind.Type)["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject()
                      from part in new[] { "spec", "status" }
                      where schema["properties"]![part] is not null
                      from path in Undescribed(part, schema["properties"]![part]!.AsObject())
                      select $"{kind.Resource.Kind}.{path}";
        Assert.That(lacking, Is.Empty);
    }

    private static IEnumerable<string> Undescribed(string path, JsonObject schema) =>
        from field in schema["properties"]?.AsObject() ?? []
        let value = field.Value!.AsObject()
        let below = $"{path}.{field.Key}"
        from one in ((string[])(value.ContainsKey("description") ? [] : [below]))
            .Concat(Undescribed(below, value))
            .Concat(value["items"] is JsonObject items ? Undescribed(below, items) : [])
            .Concat(value["additionalProperties"] is JsonObject values ? Undescribed(below, values) : [])
        select one;
}
