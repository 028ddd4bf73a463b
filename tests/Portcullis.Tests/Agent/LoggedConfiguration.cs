using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Testing;
using Portcullis.Testing.Engines;

namespace Portcullis.Tests.Agent;

/// <summary>
/// The configuration structure of a real engine, which it logs as JSON after each SIGHUP: the only place where every key that it has read is
/// shown.
/// </summary>
internal static class LoggedConfiguration
{
    private const string Mark = "Reloaded configuration: ";

    /// <summary>The structure after a SIGHUP with this file.</summary>
    public static async Task<JsonObject> ReloadAsync(DockerEngine engine, JsonObject file)
    {
        await File.WriteAllTextAsync(engine.DaemonJson, file.ToJsonString());
        var before = Lines(engine).Count;
        await engine.ReloadAsync();
        await Eventually.HoldsAsync(() => Lines(engine).Count > before, TimeSpan.FromSeconds(20));
        return Read(Lines(engine)[^1]);
    }

    private static List<string> Lines(DockerEngine engine) => [.. File.ReadLines(engine.LogFile).Where(l => l.Contains(Mark, StringComparison.Ordinal))];

    /// <summary>The message is a quoted text in the log's text format, and a member in its JSON format.</summary>
    private static JsonObject Read(string line)
    {
        var message = line.StartsWith('{')
            ? JsonNode.Parse(line)!["msg"]!.GetValue<string>()
            : JsonSerializer.Deserialize<string>(line[(line.IndexOf("msg=", StringComparison.Ordinal) + "msg=".Length)..].Trim())!;
        return (JsonObject)JsonNode.Parse(message[(message.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)..])!;
    }
}
