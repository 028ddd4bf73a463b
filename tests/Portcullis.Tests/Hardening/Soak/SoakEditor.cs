using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Tests.Soaks;

namespace Portcullis.Tests.Hardening.Soak;

/// <summary>Somebody at the node with an editor, a shell, and no great care.</summary>
internal sealed class SoakEditor(SoakNode node)
{
    private static readonly string[] Junk = ["mtu: 1400\n", "[1]", "\uFEFF{}", "{\"debug\": tr", "\0\u0001"];
    private readonly SemaphoreSlim _one = new(1);

    private string DaemonJson => node.Engine.DaemonJson;

    /// <summary>Puts a plain file there, whatever was there before.</summary>
    public Task PutAsync(JsonObject content, bool rename) => AloneAsync(() => Put(content, rename));

    public Deed Choose(Random random)
    {
        var (key, value) = Any(SoakKeys.Pool, random);
        var (foreign, other) = Any(SoakKeys.Foreign, random);
        var pause = TimeSpan.FromMilliseconds(random.Next(900));
        var (rename, junk) = (random.Next(2) == 0, Junk[random.Next(Junk.Length)]);
        return random.Next(13) switch
        {
            0 or 1 or 2 => new Deed($"edit: {foreign}={other}, {key}={value}{(rename ? ", renamed over" : "")}", () => EditAsync(rename, c =>
            {
                c[foreign] = JsonNode.Parse(other);
                c[key] = JsonNode.Parse(value);
            })),
            3 => new Deed($"edit: no {key}, no {foreign}", () => EditAsync(rename, c =>
            {
                c.Remove(key);
                c.Remove(foreign);
            })),
            4 => new Deed("delete daemon.json", () => AloneAsync(() => File.Delete(DaemonJson))),
            5 => new Deed("truncate daemon.json", () => AloneAsync(() => WriteInPlace(""))),
            6 => new Deed($"write {JsonSerializer.Serialize(junk)}", () => AloneAsync(() => WriteInPlace(junk))),
            7 or 8 => new Deed($"write slowly, {pause.TotalMilliseconds:0} ms", () => AloneAsync(() => WriteSlowlyAsync(pause))),
            9 => new Deed($"a symbolic link for {pause.TotalMilliseconds:0} ms", () => AloneAsync(() => LinkAsync(pause, rename))),
            10 => new Deed($"a folder for {pause.TotalMilliseconds:0} ms", () => AloneAsync(() => FolderAsync(pause))),
            _ => new Deed($"edit {key}={value}, SIGHUP, undo", () => AloneAsync(() => ReloadOtherAsync(key, value, pause / 3))),
        };
    }

    private static (string Key, string Value) Any(IReadOnlyDictionary<string, string[]> all, Random random)
    {
        var (key, values) = all.ElementAt(random.Next(all.Count));
        return (key, values[random.Next(values.Length)]);
    }

    private Task EditAsync(bool rename, Action<JsonObject> edit) => AloneAsync(() =>
    {
        if (Read() is { } content)
        {
            edit(content);
            Put(content, rename);
        }
    });

    /// <summary>What an editor would show; null when that is nothing to edit.</summary>
    private JsonObject? Read()
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(DaemonJson)) as JsonObject;
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Put(JsonObject content, bool rename)
    {
        if (rename)
        {
            File.WriteAllText($"{DaemonJson}.swp", content.ToJsonString());
            File.Move($"{DaemonJson}.swp", DaemonJson, overwrite: true);
        }
        else
        {
            WriteInPlace(content.ToJsonString());
        }
    }

    private void WriteInPlace(string text)
    {
        try
        {
            File.WriteAllText(DaemonJson, text);
        }
        catch (UnauthorizedAccessException)
        {
            // It is a folder just now.
        }
    }

    private async Task WriteSlowlyAsync(TimeSpan pause)
    {
        var text = (Read() ?? []).ToJsonString();
        await using var file = new FileStream(DaemonJson, FileMode.Create);
        await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text[..(text.Length / 2)]));
        await file.FlushAsync();
        await Task.Delay(pause, TimeProvider.System);
        await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text[(text.Length / 2)..]));
    }

    /// <summary>As some configuration tools install it.</summary>
    private async Task LinkAsync(TimeSpan pause, bool content)
    {
        var elsewhere = Path.Combine(node.Engine.Folder, "elsewhere.json");
        File.Delete(elsewhere);
        if (File.Exists(DaemonJson))
        {
            File.Move(DaemonJson, elsewhere);
        }

        if (!File.Exists(DaemonJson))
        {
            File.CreateSymbolicLink(DaemonJson, elsewhere);
        }

        await Task.Delay(pause, TimeProvider.System);
        File.Delete(DaemonJson);
        if (content && File.Exists(elsewhere))
        {
            File.Move(elsewhere, DaemonJson, overwrite: true);
        }
    }

    private async Task FolderAsync(TimeSpan pause)
    {
        File.Delete(DaemonJson);
        Directory.CreateDirectory(DaemonJson);
        await Task.Delay(pause, TimeProvider.System);
        Directory.Delete(DaemonJson);
    }

    /// <summary>The engine is made to read what the file no longer says a moment later.</summary>
    private async Task ReloadOtherAsync(string key, string value, TimeSpan pause)
    {
        if (Read() is not { } content)
        {
            return;
        }

        var before = content.ToJsonString();
        content[key] = JsonNode.Parse(value);
        WriteInPlace(content.ToJsonString());
        await node.Process.ReloadAsync();
        await Task.Delay(pause, TimeProvider.System);
        WriteInPlace(before);
    }

    private Task AloneAsync(Action act) => AloneAsync(() =>
    {
        act();
        return Task.CompletedTask;
    });

    private async Task AloneAsync(Func<Task> act)
    {
        await _one.WaitAsync();
        try
        {
            await act();
        }
        catch (IOException)
        {
            // The agent was at it too; whoever edits by hand tries no second time.
        }
        finally
        {
            _one.Release();
        }
    }
}
