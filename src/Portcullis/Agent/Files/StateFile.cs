using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Portcullis.Agent.Files;

/// <summary>What one task must know again after kill -9: one JSON file, written before the change that it is about.</summary>
internal sealed class StateFile<T>
    where T : class
{
    private readonly AgentFolder _folder;
    private readonly string _name;
    private readonly JsonTypeInfo<T> _type;
    private byte[] _written;

    /// <param name="folder">Where the file is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="type">How it is written.</param>
    /// <param name="empty">The state without a file.</param>
    public StateFile(AgentFolder folder, string name, JsonTypeInfo<T> type, T empty)
    {
        (_folder, _name, _type) = (folder, name, type);
        var path = folder.PathOf(name);
        _written = File.Exists(path) ? File.ReadAllBytes(path) : [];
        Current = Read(_written) ?? empty;
    }

    public T Current { get; private set; }

    /// <summary>Durable when it returns. Nothing is written when nothing differs.</summary>
    public void Save(T state)
    {
        Current = state;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(state, _type);
        if (!bytes.AsSpan().SequenceEqual(_written))
        {
            _folder.Write(_name, bytes);
            _written = bytes;
        }
    }

    /// <summary>A file that cannot be read is as none: what is still declared is written again, the rest is left alone.</summary>
    private T? Read(byte[] bytes)
    {
        try
        {
            return bytes.Length == 0 ? null : JsonSerializer.Deserialize(bytes, _type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
