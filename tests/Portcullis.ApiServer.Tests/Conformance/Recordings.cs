using System.Text.Json.Nodes;

namespace Portcullis.ApiServer.Tests.Conformance;

/// <summary>Where the recorded exchanges with a real Kubernetes 1.36 are: beside the repository, never in it.</summary>
internal static class Recordings
{
    private const string Variable = "PORTCULLIS_SHARED_DATA";

    /// <summary>Null when they are not on this machine.</summary>
    public static string? Folder { get; } = Find();

    public static IEnumerable<string> HttpFiles =>
        Folder is null ? [] : Directory.GetFiles(Path.Combine(Folder, "http"), "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal);

    public static JsonObject Read(string name)
    {
        if (Folder is null)
        {
            Assert.Ignore($"The recordings are not here (../shared/data beside the repository, or {Variable}).");
        }

        return (JsonObject)JsonNode.Parse(File.ReadAllBytes(Path.Combine(Folder!, name)))!;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            return Existing(given);
        }

        for (var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory); folder is not null; folder = folder.Parent)
        {
            if (Existing(Path.Combine(folder.FullName, "shared", "data")) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static string? Existing(string data)
    {
        var folder = Path.Combine(data, "kubernetes-1.36");
        return Directory.Exists(folder) ? folder : null;
    }
}
