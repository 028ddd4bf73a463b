using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Schemas.Tests;

/// <summary>What a real 1.36 API server answered; a test that needs it says so and is left out where the data is not.</summary>
internal static class Recording
{
    public static JsonObject Http(string name)
    {
        var file = Find(Path.Combine("shared", "data", "kubernetes-1.36", "http", name + ".json"));
        if (file is null)
        {
            Assert.Ignore("not run: ../shared/data/kubernetes-1.36 is absent");
        }

        return (JsonObject)KubernetesJson.Parse(File.ReadAllBytes(file!))!;
    }

    private static string? Find(string relative)
    {
        for (var at = new DirectoryInfo(TestContext.CurrentContext.TestDirectory); at is not null; at = at.Parent)
        {
            var file = Path.Combine(at.FullName, relative);
            if (File.Exists(file))
            {
                return file;
            }
        }

        return null;
    }
}
