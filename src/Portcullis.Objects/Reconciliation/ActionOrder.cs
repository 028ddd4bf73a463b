namespace Portcullis.Objects.Reconciliation;

/// <summary>
/// Decides which action of a plan may start next. An action is ready when every lower phase has ended and all that it comes after has
/// succeeded; among ready ones, narrowing goes before the rest, and then the plan's own order holds. What depends on a failed action is skipped,
/// what does not depend on it runs. Not safe for several threads at once: the runner holds a lock.
/// </summary>
public sealed class ActionOrder
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, List<Entry>> _phases = [];
    private readonly PriorityQueue<Entry, (ActionEffect Effect, int Position)> _ready = new();
    private int _running;
    private int _phaseLeft;

    /// <exception cref="ArgumentException">Two actions have one id, or they depend on each other in a cycle: a defect of the planner.</exception>
    public ActionOrder(IReadOnlyCollection<PlannedAction> actions)
    {
        var position = 0;
        foreach (var action in actions)
        {
            var entry = new Entry(action, position++);
            if (!_entries.TryAdd(action.Id, entry))
            {
                throw new ArgumentException($"two actions of one plan are named '{action.Id}'", nameof(actions));
            }
        }

        foreach (var entry in _entries.Values)
        {
            Connect(entry);
            (_phases.TryGetValue(entry.Action.Phase, out var phase) ? phase : _phases[entry.Action.Phase] = []).Add(entry);
        }

        OpenNextPhase();
    }

    /// <summary>Nothing is left to start or to wait for.</summary>
    public bool IsFinished => _phaseLeft == 0 && _phases.Count == 0;

    /// <summary>The next action to start; null when none is ready now.</summary>
    /// <exception cref="InvalidOperationException">Nothing runs and nothing ever can: the actions that are left depend on each other in a cycle.</exception>
    public PlannedAction? TakeNext()
    {
        while (_ready.TryDequeue(out var entry, out _))
        {
            if (!entry.HasEnded)
            {
                _running++;
                entry.IsTaken = true;
                return entry.Action;
            }
        }

        return _running > 0 || IsFinished
            ? null
            : throw new InvalidOperationException("the actions of a plan depend on each other in a cycle, or on an action of a later phase");
    }

    /// <summary>An action that was taken has ended. Returns those that are skipped because of it.</summary>
    public IReadOnlyList<ActionResult.Skipped> End(PlannedAction action, bool succeeded)
    {
        _running--;
        var skipped = new List<ActionResult.Skipped>();
        Settle(_entries[action.Id], succeeded, skipped);
        if (_phaseLeft == 0)
        {
            OpenNextPhase();
        }

        return skipped;
    }

    /// <summary>Starts nothing more: all that was not taken yet is skipped because of <paramref name="cause"/>.</summary>
    public IReadOnlyList<ActionResult.Skipped> Abandon(PlannedAction cause)
    {
        var skipped = new List<ActionResult.Skipped>();
        foreach (var entry in _entries.Values.Where(e => !e.HasEnded && !e.IsTaken))
        {
            entry.HasEnded = true;
            _phaseLeft -= entry.IsOpen ? 1 : 0;
            skipped.Add(new ActionResult.Skipped(entry.Action, cause));
        }

        _phases.Clear();
        return skipped;
    }

    private void Connect(Entry entry)
    {
        foreach (var before in entry.Action.After.Distinct(StringComparer.Ordinal))
        {
            if (_entries.TryGetValue(before, out var cause))
            {
                cause.Dependents.Add(entry);
                entry.Missing++;
            }
        }
    }

    private void Settle(Entry entry, bool succeeded, List<ActionResult.Skipped> skipped)
    {
        entry.HasEnded = true;
        _phaseLeft -= entry.IsOpen ? 1 : 0;
        foreach (var dependent in entry.Dependents.Where(d => !d.HasEnded))
        {
            if (!succeeded)
            {
                skipped.Add(new ActionResult.Skipped(dependent.Action, entry.Action));
                Settle(dependent, succeeded: false, skipped);
            }
            else if (--dependent.Missing == 0 && dependent.IsOpen)
            {
                Enqueue(dependent);
            }
        }
    }

    private void OpenNextPhase()
    {
        while (_phaseLeft == 0 && _phases.Count > 0)
        {
            var (number, entries) = _phases.First();
            _phases.Remove(number);
            foreach (var entry in entries.Where(e => !e.HasEnded))
            {
                entry.IsOpen = true;
                _phaseLeft++;
                if (entry.Missing == 0)
                {
                    Enqueue(entry);
                }
            }
        }
    }

    private void Enqueue(Entry entry) => _ready.Enqueue(entry, (entry.Action.Effect, entry.Position));

    private sealed class Entry(PlannedAction action, int position)
    {
        public PlannedAction Action => action;

        public int Position => position;

        public List<Entry> Dependents { get; } = [];

        /// <summary>How many of those that it comes after have not succeeded yet.</summary>
        public int Missing { get; set; }

        public bool IsTaken { get; set; }

        public bool HasEnded { get; set; }

        /// <summary>Its phase has begun.</summary>
        public bool IsOpen { get; set; }
    }
}
