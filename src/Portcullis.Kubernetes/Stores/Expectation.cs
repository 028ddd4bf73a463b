namespace Portcullis.Kubernetes.Stores;

/// <summary>
/// What is expected of one object: the states of the table in <see cref="Expectations{TValue}"/>. The watch shows the changes of an object
/// in their order, and its versions only grow while the server is the same one. Guarded by the owner's lock.
/// </summary>
internal sealed class Expectation<TValue>(ObjectKey key, bool asks)
{
    private readonly List<ExpectedWrite<TValue>> _underWay = [];

    /// <summary>Versions that answered writes made and the watch has not shown.</summary>
    private readonly List<string> _echoes = [];

    /// <summary>Answered deletions that the watch has not shown: the version that each came after, and the one of ours that came after it.</summary>
    private readonly List<(string? After, string? Before)> _deletions = [];

    private Written<TValue>? _written;
    private TimeSpan _until;

    /// <summary>The newest version that the watch has shown.</summary>
    private string? _seen;

    private bool _isDoubted;

    /// <summary>The version that ends the doubt; null when only the server can.</summary>
    private string? _doubted;

    public ObjectKey Key => key;

    public bool IsEmpty => _underWay.Count == 0 && _echoes.Count == 0 && _deletions.Count == 0 && _written is null && !_isDoubted;

    public Expected<TValue>? View => _written is not null || _isDoubted ? new Expected<TValue>(key, _written, _isDoubted) : null;

    public void Begin(ExpectedWrite<TValue> write)
    {
        _seen ??= write.Upon;
        write.After = _written is null ? write.Upon : _written.Made;
        _underWay.Add(write);
    }

    /// <summary>The answer to a write; no version for a deletion. True when nothing else has happened to the object since it was begun.</summary>
    public bool Answer(ExpectedWrite<TValue> write, string? version, TValue? value, TimeSpan until)
    {
        if (!_underWay.Remove(write))
        {
            return true;
        }

        if (write.IsMissed)
        {
            DoubtUntil(version);
            return false;
        }

        EndDoubt();
        var echo = write.Seen.FindIndex(s => IsEcho(s, version, write.After));
        if (echo < 0 && !IsShown(version, write))
        {
            Expect(write, version, value, until);
        }

        // What came before a deletion is gone with the object.
        return write.Seen.Skip(version is null ? echo + 1 : 0).All(s => IsEcho(s, version, write.After));
    }

    /// <summary>Nobody waits for the answer any more. True when the watch has shown nothing since the write was begun, or it was answered.</summary>
    public bool Lose(ExpectedWrite<TValue> write)
    {
        if (!_underWay.Remove(write))
        {
            return true;
        }

        DoubtUntil(null);
        return write is { IsMissed: false, Seen.Count: 0 };
    }

    public ChangeOrigin Observe(Sighting seen)
    {
        // An older version than before: the server was set back, and may use a version of ours for something else.
        if (seen.IsListed || ResourceVersions.Compare(seen.Version, _seen) < 0)
        {
            Doubt();
        }

        var isOwn = seen.IsDeletion ? TakeDeletion(seen) : _echoes.Remove(seen.Version ?? "");
        if (_written is not null && IsEnded(_written, seen, isOwn))
        {
            _written = null;
        }

        if (_doubted is not null && IsReached(_doubted, seen))
        {
            EndDoubt();
        }

        _echoes.RemoveAll(version => ResourceVersions.Compare(version, seen.Version) < 0);
        _seen = seen.Version ?? _seen;
        if (isOwn)
        {
            return ChangeOrigin.Own;
        }

        _underWay.ForEach(w => w.Seen.Add(seen));
        return _underWay.Count > 0 ? ChangeOrigin.Undecided : ChangeOrigin.Foreign;
    }

    /// <summary>What the watch showed until now may not be all there was. True when something was expected.</summary>
    public bool Doubt()
    {
        _underWay.ForEach(w => w.IsMissed = true);
        return DoubtWritten();
    }

    public void Learn(string? version, TValue value, TimeSpan until)
    {
        if (!_isDoubted)
        {
            return;
        }

        Forget();
        if (version != _seen && !(ResourceVersions.Compare(version, _seen) < 0))
        {
            (_written, _until) = (new Written<TValue>(_seen, version, value), until);
        }
    }

    public void Forget()
    {
        EndDoubt();
        EndWritten();
    }

    public void Expire(TimeSpan now)
    {
        if (_written is not null && now >= _until)
        {
            DoubtWritten();
        }
    }

    private void Expect(ExpectedWrite<TValue> write, string? version, TValue? value, TimeSpan until)
    {
        if (version is null)
        {
            _deletions.Add((write.After, null));
        }
        else
        {
            _echoes.Add(version);
            for (var i = 0; i < _deletions.Count; i++)
            {
                _deletions[i] = (_deletions[i].After, _deletions[i].Before ?? version);
            }
        }

        // Of two writes at the same time the newer one counts, however their answers come.
        if (!(ResourceVersions.Compare(version, _written?.Made) < 0))
        {
            (_written, _until) = (new Written<TValue>(write.Upon, version, value), until);
        }
    }

    /// <summary>The store shows what was written, or something newer, although no echo came since.</summary>
    private bool IsShown(string? version, ExpectedWrite<TValue> write) =>
        version is null
            ? write.After is null || _written is { IsDeletion: true }
            : version == write.Upon || ResourceVersions.Compare(version, write.Upon) < 0 || write.Seen.Any(s => IsReached(version, s));

    /// <summary>Whether the watch shows the write that made this version, or the deletion (no version) that came after one.</summary>
    private static bool IsEcho(Sighting seen, string? version, string? after) =>
        version is null ? seen.IsDeletion && IsReached(after, seen) : !seen.IsDeletion && seen.Version == version;

    /// <summary>
    /// Whether a change is the written one or came after it. What the watch shows of an object before it is gone came before the deletion, and
    /// a deletion of ours before what we wrote after it.
    /// </summary>
    private static bool IsEnded(Written<TValue> written, Sighting seen, bool isOwn)
    {
        var isOwnDeletion = seen.IsDeletion && isOwn;
        return written.IsDeletion ? isOwnDeletion : !isOwnDeletion && IsReached(written.Made, seen);
    }

    private static bool IsReached(string? version, Sighting seen) => !(ResourceVersions.Compare(seen.Version, version) < 0);

    private bool TakeDeletion(Sighting seen)
    {
        var index = _deletions.FindIndex(d => IsReached(d.After, seen) && !(ResourceVersions.Compare(d.Before, seen.Version) < 0));
        if (index >= 0)
        {
            _deletions.RemoveAt(index);
        }

        return index >= 0;
    }

    private bool DoubtWritten()
    {
        if (_written is { } written)
        {
            DoubtUntil(written.Made);
        }

        return EndWritten();
    }

    private bool EndWritten()
    {
        var wasExpected = _written is not null;
        _written = null;
        _echoes.Clear();
        _deletions.Clear();
        return wasExpected;
    }

    private void DoubtUntil(string? version)
    {
        if (asks)
        {
            _doubted = _isDoubted && _doubted is null ? null : version;
            _isDoubted = true;
        }
    }

    private void EndDoubt() => (_isDoubted, _doubted) = (false, null);
}
