namespace Portcullis.Core.Versions;

/// <summary>Reads a version from left to right.</summary>
internal ref struct VersionText(ReadOnlySpan<char> text)
{
    private ReadOnlySpan<char> _rest = text;

    public readonly ReadOnlySpan<char> Rest => _rest;

    public readonly bool IsEmpty => _rest.IsEmpty;

    /// <summary>The next character; NUL at the end.</summary>
    public readonly char Next => _rest.IsEmpty ? '\0' : _rest[0];

    public readonly bool AtDigit => char.IsAsciiDigit(Next);

    public readonly bool AtLetter => char.IsAsciiLetter(Next);

    public void Skip(int count = 1) => _rest = _rest[count..];

    public bool TryTake(char wanted)
    {
        var found = !_rest.IsEmpty && _rest[0] == wanted;
        _rest = found ? _rest[1..] : _rest;
        return found;
    }

    /// <summary>Takes text without regard to the case of ASCII letters.</summary>
    public bool TryTake(string wanted)
    {
        var found = _rest.StartsWith(wanted, StringComparison.OrdinalIgnoreCase);
        _rest = found ? _rest[wanted.Length..] : _rest;
        return found;
    }

    public ReadOnlySpan<char> TakeDigits() => Take(CountOf(char.IsAsciiDigit));

    public ReadOnlySpan<char> TakeLetters() => Take(CountOf(char.IsAsciiLetter));

    public ReadOnlySpan<char> TakeWhile(Func<char, bool> belongs) => Take(CountOf(belongs));

    public ReadOnlySpan<char> Take(int count)
    {
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private readonly int CountOf(Func<char, bool> belongs)
    {
        var count = 0;
        while (count < _rest.Length && belongs(_rest[count]))
        {
            count++;
        }

        return count;
    }
}
