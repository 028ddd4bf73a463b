using System.Text.Json.Nodes;

namespace Portcullis.Core.Hardening;

/// <summary>
/// The keys a running engine has in its memory, followed over starts and reloads, since most of them can be read nowhere. A reload takes
/// over some keys, ignores others silently, and keeps old values of keys that are gone from the file.
/// </summary>
public static class EngineMemory
{
    private const string UnknownMark = "\u0000unknown";

    /// <summary>An engine that started with this file.</summary>
    public static JsonObject AfterStart(DaemonJson file) => (JsonObject)file.Values.DeepClone();

    /// <summary>An engine that was running before anybody looked, over a file changed since: any of its keys may have another value in force.</summary>
    public static JsonObject Unknown(DaemonJson file)
    {
        var memory = new JsonObject();
        foreach (var (key, _) in file.Values)
        {
            memory[key] = UnknownMark;
        }

        return memory;
    }

    /// <summary>The same engine after a SIGHUP with this file.</summary>
    public static JsonObject AfterReload(JsonObject memory, DaemonJson file)
    {
        var after = (JsonObject)memory.DeepClone();
        foreach (var key in DaemonKeys.All.Where(k => k.Reload != ReloadBehaviour.Restart))
        {
            if (file.Values.TryGetPropertyValue(key.Name, out var value))
            {
                after[key.Name] = value?.DeepClone();
            }
            else if (key.Reload == ReloadBehaviour.Always)
            {
                after.Remove(key.Name);
            }
        }

        return after;
    }

    /// <summary>
    /// The same engine after a SIGHUP that somebody else sent, when the file may have been another than it is now: what the engine shows is so,
    /// of the rest nothing is known.
    /// </summary>
    public static JsonObject AfterForeignReload(JsonObject memory, DaemonJson file, EngineAnswers answers)
    {
        var after = (JsonObject)memory.DeepClone();
        foreach (var key in DaemonKeys.All.Where(k => k.Reload != ReloadBehaviour.Restart && k.IsKnownTo(answers.Version)))
        {
            var written = file.Values[key.Name];
            var nothing = key.Type == DaemonKeyType.TextList ? new JsonArray() : (JsonNode)JsonValue.Create("");
            var reading = EngineReadBack.Read(key.Name, written ?? key.DefaultOf(answers.Version) ?? nothing, answers);
            if (reading.Seen is null || !reading.Agrees)
            {
                after[key.Name] = reading.Seen?.DeepClone() ?? UnknownMark;
            }
            else if (written is null)
            {
                after.Remove(key.Name);
            }
            else
            {
                after[key.Name] = written.DeepClone();
            }
        }

        return after;
    }
}
