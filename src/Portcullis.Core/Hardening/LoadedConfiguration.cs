using System.Text.Json.Nodes;

namespace Portcullis.Core.Hardening;

/// <summary>
/// The keys that a running engine has loaded, followed over starts and reloads, since the engine does not show most of them. A reload applies
/// some keys, ignores others silently, and keeps the old values of keys that are no longer in the file.
/// </summary>
public static class LoadedConfiguration
{
    /// <summary>An engine that started with this file.</summary>
    public static JsonObject AfterStart(DaemonJson file) => (JsonObject)file.Values.DeepClone();

    /// <summary>
    /// An engine that was running before it was observed, with a file that has changed since: what it shows is known, and any other key of the
    /// file may have another value in force.
    /// </summary>
    public static JsonObject Unknown(DaemonJson file, EngineSettings settings)
    {
        var loaded = new JsonObject();
        foreach (var (key, value) in file.Values)
        {
            loaded[key] = key == DaemonFeatures.Key && value is JsonObject switches ? DaemonFeatures.Unknown(switches) : ReloadEffect.UnknownMark;
        }

        foreach (var key in DaemonKeys.All.Where(k => k.IsKnownTo(settings.Version)))
        {
            SetShown(key, loaded, file, settings);
        }

        return loaded;
    }

    /// <summary>The same engine after a SIGHUP with this file.</summary>
    public static JsonObject AfterReload(JsonObject loaded, DaemonJson file)
    {
        var after = (JsonObject)loaded.DeepClone();
        foreach (var key in DaemonKeys.All.Where(k => k.Reload != ReloadBehaviour.Restart))
        {
            if (ReloadEffect.Of(key, file.Values, after[key.Name]) is { } value)
            {
                after[key.Name] = value.DeepClone();
            }
            else
            {
                after.Remove(key.Name);
            }
        }

        return after;
    }

    /// <summary>
    /// The same engine after a SIGHUP that another process sent, when the file may have been different from what it is now: what the engine
    /// shows is known, the rest is not.
    /// </summary>
    public static JsonObject AfterForeignReload(JsonObject loaded, DaemonJson file, EngineSettings settings)
    {
        var after = (JsonObject)loaded.DeepClone();
        foreach (var key in DaemonKeys.All.Where(k => k.Reload != ReloadBehaviour.Restart && k.IsKnownTo(settings.Version)))
        {
            after[key.Name] = key.Name == DaemonFeatures.Key
                ? DaemonFeatures.AfterForeignReload(file.Values[key.Name], loaded[key.Name])
                : ReloadEffect.UnknownMark;
            SetShown(key, after, file, settings);
        }

        return after;
    }

    /// <summary>Sets what the engine shows of a key, if it shows the whole value.</summary>
    private static void SetShown(DaemonKey key, JsonObject loaded, DaemonJson file, EngineSettings settings)
    {
        var written = file.Values[key.Name];
        var nothing = key.Type == DaemonKeyType.TextList ? new JsonArray() : (JsonNode)JsonValue.Create("");
        var reading = EngineReadBack.Read(key.Name, written ?? key.DefaultOf(settings.Version) ?? nothing, settings);
        if (key.Name == DaemonFeatures.Key && loaded[key.Name] is JsonObject switches && reading.Shown is JsonObject shown)
        {
            shown.ToList().ForEach(p => switches[p.Key] = p.Value?.DeepClone());
            return;
        }

        if (reading.Shown is null || !EngineReadBack.IsWhole(key.Name))
        {
            return;
        }

        if (!reading.Agrees)
        {
            loaded[key.Name] = reading.Shown.DeepClone();
        }
        else if (written is null)
        {
            loaded.Remove(key.Name);
        }
        else
        {
            loaded[key.Name] = written.DeepClone();
        }
    }
}
