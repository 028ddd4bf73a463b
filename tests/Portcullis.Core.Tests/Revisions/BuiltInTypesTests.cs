using Portcullis.Testing;

namespace Portcullis.Core.Tests.Revisions;

/// <summary>
/// The fields of the kinds of Kubernetes that ship with the program are those of KubernetesClient. UPDATE_FIXTURES=1 writes them anew
/// (docs/adr/0014).
/// </summary>
internal sealed class BuiltInTypesTests
{
    private static readonly string File = RepositoryFolder.Combine("src", "Portcullis.Core", "Revisions", "BuiltInTypes.txt");

    [Test]
    public void Has_the_fields_of_every_kind_as_the_client_knows_them()
    {
        var generated = ClientModels.Write();
        if (Environment.GetEnvironmentVariable("UPDATE_FIXTURES") == "1")
        {
            System.IO.File.WriteAllText(File, generated);
        }

        Assert.That(System.IO.File.ReadAllText(File), Is.EqualTo(generated), "BuiltInTypes.txt is stale; run this test with UPDATE_FIXTURES=1");
    }

    [Test]
    public void Every_field_that_may_not_be_missing_is_a_field() =>
        Assert.That(RequiredFields.All.Where(f => !ClientModels.Has(f.Type, f.Field)), Is.Empty);
}
