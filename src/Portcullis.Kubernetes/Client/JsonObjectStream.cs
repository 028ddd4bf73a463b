using System.Text.Json;
using Portcullis.Objects.Json;

namespace Portcullis.Kubernetes.Client;

/// <summary>
/// The JSON objects of a stream, one after another, each as soon as its last byte is there. The serializer's own reading of streams waits after some reads
/// without a whole value until its buffer is full: a large object would stay unseen until enough follows it, which may be never.
/// </summary>
internal sealed class JsonObjectStream(Stream stream)
{
    private const int FirstLength = 16 * 1024;

    /// <summary>A larger buffer is given back when it is empty.</summary>
    private const int KeptLength = 128 * 1024;

    /// <summary>An object, within what a watch says about it.</summary>
    private static readonly JsonReaderOptions Options = new() { MaxDepth = KubernetesJson.MaxDepth + 2 };

    private byte[] _buffer = new byte[FirstLength];
    private JsonReaderState _state = new(Options);

    /// <summary>Where the object begins that is read now.</summary>
    private int _start;

    /// <summary>Up to where it was looked at: no token is looked at again.</summary>
    private int _seen;
    private int _end;

    /// <summary>The bytes of the next object, which last until the next call; null when the stream is over.</summary>
    /// <exception cref="JsonException">What comes is no JSON object, or the stream ended inside one.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        while (!FindEnd())
        {
            MakeRoom();
            var length = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (length == 0)
            {
                return _buffer.AsSpan(_start.._end).ContainsAnyExcept(" \t\r\n"u8) ? throw new JsonException("The stream ended inside an object.") : null;
            }

            _end += length;
        }

        var found = _buffer.AsMemory(_start.._seen);
        (_start, _state) = (_seen, new JsonReaderState(Options));
        return found;
    }

    private bool FindEnd()
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(_seen.._end), isFinalBlock: false, _state);
        var isWhole = false;
        while (!isWhole && reader.Read())
        {
            isWhole = reader.CurrentDepth == 0 && reader.TokenType == JsonTokenType.EndObject;
            if (reader.CurrentDepth == 0 && !isWhole && reader.TokenType != JsonTokenType.StartObject)
            {
                throw new JsonException("The stream has something else than objects.");
            }
        }

        _seen += (int)reader.BytesConsumed;
        _state = reader.CurrentState;
        return isWhole;
    }

    private void MakeRoom()
    {
        if (_start == _end)
        {
            (_start, _seen, _end) = (0, 0, 0);
            _buffer = _buffer.Length > KeptLength ? new byte[FirstLength] : _buffer;
        }

        if (_end < _buffer.Length)
        {
            return;
        }

        var buffer = _start > 0 ? _buffer : new byte[2 * _buffer.Length];
        _buffer.AsSpan(_start.._end).CopyTo(buffer);
        (_buffer, _start, _seen, _end) = (buffer, 0, _seen - _start, _end - _start);
    }
}
