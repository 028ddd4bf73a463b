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

    /// <summary>
    /// An engine that was running before anybody looked, over a file changed since: what it shows is so, and any other key of the file may have
    /// another value in force.
    /// </summary>
    public static JsonObject Unknown(DaemonJson file, EngineAnswers answers)
    {
        var memory = new JsonObject();
        foreach (var (key, _) in file.Values)
        {
            memory[key] = UnknownMark;
        }

        foreach (var key in DaemonKeys.All.Where(k => k.IsKnownTo(answers.Version)))
        {
            See(key, memory, file, answers);
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
            after[key.Name] = UnknownMark;
            See(key, after, file, answers);
        }

        return after;
    }

    /// <summary>Puts into the memory what the engine shows of a key, if it shows all of it.</summary>
    private static void See(DaemonKey key, JsonObject memory, DaemonJson file, EngineAnswers answers)
    {
        var written = file.Values[key.Name];
        var nothing = key.Type == DaemonKeyType.TextList ? new JsonArray() : (JsonNode)JsonValue.Create("");
        var reading = EngineReadBack.Read(key.Name, written ?? key.DefaultOf(answers.Version) ?? nothing, answers);
        if (reading.Seen is null || !EngineReadBack.IsWhole(key.Name))
        {
            return;
        }

        if (!reading.Agrees)
        {
            memory[key.Name] = reading.Seen.DeepClone();
        }
        else if (written is null)
        {
            memory.Remove(key.Name);
        }
        else
        {
            memory[key.Name] = written.DeepClone();
        }
    }
}
