using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Tests.Policy;

/// <summary>What a real Kubernetes 1.36 answered; a test that needs them is not run where they are not.</summary>
internal static class Recordings
{
    private static readonly string Folder = Environment.GetEnvironmentVariable("PORTCULLIS_RECORDINGS") ?? FindFolder();

    public static IReadOnlyList<JsonObject> Steps(string file)
    {
        var path = Path.Combine(Folder, "http", file);
        Assume.That(File.Exists(path), $"no recordings at {path}");
        return [.. KubernetesJson.Parse(File.ReadAllBytes(path)).Array("steps")!.Select(step => step!.AsObject())];
    }

    public static JsonObject RequestBody(this JsonObject step) => step.Object("request").Object("body")!;

    public static JsonObject ResponseBody(this JsonObject step) => step.Object("response").Object("body")!;

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data", "kubernetes-1.36");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return "shared/data/kubernetes-1.36";
    }
}
