using Portcullis.Kubernetes.Stores;
using Portcullis.Objects;
using Portcullis.Testing;

namespace Portcullis.Kubernetes.Tests.Stores;

/// <summary>
/// One random run of one object: a server with its history, a watch that is late, lists, a server set back, somebody else's writes, and a
/// controller that wants the object to say something and believes what <see cref="Expectations{TValue}"/> tell it.
/// </summary>
internal sealed class ExpectationInterleaving
{
    private static readonly ObjectKey Key = new("team", "one");

    private readonly int _seed;
    private readonly Random _random;
    private readonly ManualTimeProvider _time = new();
    private readonly Expectations<string?> _expected;
    private readonly bool _asks;
    private readonly List<string> _steps = [];

    /// <summary>Everything that the server ever did, in its order; what was undone by a set-back stays in it as older than what came after.</summary>
    private readonly List<ShownState> _history = [new ShownState(0, null, IsOurs: false)];

    /// <summary>The server's changes that the watch has not delivered.</summary>
    private readonly Queue<int> _undelivered = new();

    private readonly List<SentRequest> _requests = [];
    private int _version;
    private int _server;
    private int _store;
    private int _listedFrom = -1;
    private int _deletedAt;

    /// <summary>The last answer that nothing speaks against.</summary>
    private int? _answered;
    private bool _watchIsLost;

    /// <summary>The store shows what was before a set-back.</summary>
    private bool _isSetBack;

    /// <summary>The controller believes that the object is as it wants it, until it hears of something.</summary>
    private bool _isSettled;
    private string? _wanted = "a";

    public ExpectationInterleaving(int seed)
    {
        _seed = seed;
        _random = new Random(seed);
        _asks = _random.Next(2) == 0;
        _expected = new Expectations<string?>(_time, _asks);
    }

    public void Run()
    {
        for (var step = 0; step < 120; step++)
        {
            Step();
            Check();
        }

        Quiesce();
        Require(_history[_server].Content == _wanted, "the controller is content with something else than it wants");
        Require(_expected.Count == 0, "something is expected for ever");
    }

    private void Step()
    {
        switch (_random.Next(20))
        {
            case < 5:
                Reconcile();
                break;
            case < 9:
                Arrive();
                break;
            case < 12:
                Answer();
                break;
            case < 16:
                Deliver();
                break;
            case 16:
                Foreign();
                break;
            case 17:
                Relist();
                break;
            case 18 when _random.Next(4) == 0:
                SetBack();
                break;
            case 18:
                Note("lost watch");
                _watchIsLost = true;
                break;
            default:
                _wanted = _random.Next(3) switch { 0 => "a", 1 => "b", _ => null };
                _isSettled = false;
                Wait(TimeSpan.FromSeconds(_random.Next(8)));
                Note($"want {_wanted ?? "nothing"}");
                break;
        }
    }

    /// <summary>What a reconciler does: asks when in doubt, looks, and begins a write where something else is shown.</summary>
    private void Reconcile()
    {
        if (_isSettled || _requests.Any(r => r.Write is not null))
        {
            return;
        }

        if (_expected.Find(Key) is { IsDoubted: true })
        {
            Ask();
        }

        var shown = Shown();
        Note($"reconcile upon {shown}");
        if (_history[shown].Content == _wanted)
        {
            _isSettled = true;
            return;
        }

        _requests.Add(new SentRequest(_expected.Begin(Key, _history[_store].ShownVersion), _wanted));
    }

    private void Ask()
    {
        var live = _history[_server];
        if (live.Content is null)
        {
            _expected.Forget(Key);
            _answered = null;
        }
        else
        {
            _expected.Learn(Key, live.ShownVersion, live.Content);
        }

        Note($"asked: {live}");
    }

    /// <summary>A request reaches the server, which may be after nobody waits for it any more.</summary>
    private void Arrive()
    {
        if (Pick(_requests.Where(r => r.Result is null)) is not { } request)
        {
            return;
        }

        if (request.Content != _history[_server].Content)
        {
            Append(request.Content, isOurs: true);
        }
        else
        {
            // It changes nothing, and nothing tells whose the version in its answer is: it says what we wanted.
            _history[_server] = _history[_server] with { IsOurs = true };
        }

        request.Result = _server;
        Note($"arrives: {_history[_server]}");
        if (request.Write is null)
        {
            _requests.Remove(request);
        }
    }

    private void Answer()
    {
        if (Pick(_requests.Where(r => r.Write is not null)) is not { } request)
        {
            return;
        }

        using var write = request.Write!;
        request.Write = null;
        if (request.Result is not { } result || _random.Next(6) == 0)
        {
            // It may arrive all the same, later.
            Note("lost answer");
            write.Dispose();
            if (request.Result is not null)
            {
                _requests.Remove(request);
            }

            _isSettled = false;
            return;
        }

        _requests.Remove(request);
        var state = _history[result];
        var isAlone = state.Content is null ? write.Deleted() : write.Answered(state.ShownVersion, state.Content);
        Note($"answered {state}: {isAlone}");
        _deletedAt = state.Content is null ? result : _deletedAt;
        _answered = isAlone && !_isSetBack && !(state.Content is null && request.SawDeletion) ? result : null;
        _isSettled = isAlone && state.Content == _wanted;
    }

    private void Deliver()
    {
        if (_watchIsLost || _listedFrom >= 0 || !_undelivered.TryDequeue(out var next))
        {
            return;
        }

        Show(next, listed: false);
    }

    /// <summary>A list shows the state of the moment in which it was asked for; other changes come between its pages and its end.</summary>
    private void Relist()
    {
        if (_listedFrom < 0)
        {
            Note("list begins");
            _listedFrom = _server;
            _undelivered.Clear();
            return;
        }

        var listed = _listedFrom;
        _listedFrom = -1;
        (_watchIsLost, _isSetBack) = (false, false);
        if (_history[listed].ShownVersion != _history[_store].ShownVersion)
        {
            Show(listed, listed: true);
        }
        else
        {
            _store = listed;
        }

        var doubted = _expected.Doubt();
        Note($"listed, doubted {doubted.Count}");
        _isSettled &= doubted.Count == 0;
        _answered = null;
        Require(_expected.Find(Key)?.Written is null, "a list was not believed");
    }

    private void Show(int next, bool listed)
    {
        _store = next;
        var state = _history[next];
        var sighting = new Sighting(
            listed && state.Content is null ? null : state.Version.ToString(System.Globalization.CultureInfo.InvariantCulture), state.Content is null, listed);
        var origin = _expected.Observe(Key, sighting);
        _requests.ForEach(r => r.SawDeletion |= state.Content is null);
        Note($"shows {state}: {origin}");

        // Of several deletions it does not matter which was ours: an object that is gone says nothing.
        Require(origin != ChangeOrigin.Own || state.IsOurs || state.Content is null, "somebody else's change was taken for ours");
        _isSettled &= origin != ChangeOrigin.Foreign;
        _answered = origin == ChangeOrigin.Foreign || (state.Content is null && next != _answered) ? null : _answered;
    }

    private void Foreign()
    {
        var content = _random.Next(3) switch { 0 => "x", 1 => "y", _ => null };
        if (content != _history[_server].Content)
        {
            Append(content, isOurs: false);
            Note($"somebody: {_history[_server]}");
        }
    }

    /// <summary>The server has an earlier state again, and counts on from there.</summary>
    private void SetBack()
    {
        var earlier = _history[_random.Next(_server + 1)];
        _version = earlier.Version;
        _history.Add(earlier with { IsOurs = false });
        _server = _history.Count - 1;
        _undelivered.Clear();

        // Every request that was under way is cut off with its connection, and every store is listed anew before its watch goes on.
        foreach (var request in _requests)
        {
            request.Write?.Dispose();
        }

        _requests.Clear();
        _answered = null;
        (_isSettled, _isSetBack, _watchIsLost, _listedFrom) = (false, true, true, -1);
        Note($"set back to {earlier}");
    }

    private void Append(string? content, bool isOurs)
    {
        // Versions are those of all objects together: that one object has the same one again after a set-back does not happen.
        do
        {
            _version++;
        }
        while (_history.Any(s => s.Version == _version));

        _history.Add(new ShownState(_version, content, isOurs));
        _server = _history.Count - 1;
        _undelivered.Enqueue(_server);
    }

    /// <summary>Nothing else happens: everything arrives, is answered and shown, and the controller comes back as long as it has a reason.</summary>
    private void Quiesce()
    {
        Note("quiesce");
        for (var round = 0; round < 20; round++)
        {
            while (_requests.Count > 0)
            {
                Arrive();
                Answer();
                Check();
            }

            if (_watchIsLost || _listedFrom >= 0)
            {
                Relist();
            }

            while (_undelivered.Count > 0 && _listedFrom < 0 && !_watchIsLost)
            {
                Deliver();
                Check();
            }

            Reconcile();
            Check();
        }

        Require(_isSettled, "the controller never comes to rest");
        if (_asks && _expected.Find(Key) is { IsDoubted: true })
        {
            Ask();
        }
    }

    private void Check()
    {
        Require(Shown() >= _store, "something older than what the store shows counts");
        Require(_answered is not { } answered || Shown() >= answered || _history[Shown()].Content == _history[answered].Content, "an answer does not count");
    }

    /// <summary>The place in history of what counts for a reader.</summary>
    private int Shown()
    {
        var store = _history[_store];
        if (_expected.Find(Key)?.Written is not { } written || !written.IsAheadOf(store.ShownVersion))
        {
            return _store;
        }

        if (!written.IsDeletion)
        {
            return _history.FindLastIndex(s => s.ShownVersion == written.Made && s.Content == written.Value);
        }

        return _deletedAt; // a deletion has no version
    }

    private void Wait(TimeSpan time)
    {
        _time.Advance(time);
        _answered = null; // it may have been too long ago
    }

    private T? Pick<T>(IEnumerable<T> from)
        where T : class
    {
        var all = from.ToList();
        return all.Count == 0 ? null : all[_random.Next(all.Count)];
    }

    private void Note(string step) => _steps.Add(step);

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            Assert.Fail($"seed {_seed}: {otherwise}\n  {string.Join("\n  ", _steps)}");
        }
    }
}
