using Prometheus;

namespace Portcullis.Kubernetes.Observability;

/// <summary>
/// Two gauges of each object: its Ready condition, and whether it is suspended. Their series are made when somebody scrapes, so that
/// ten thousand objects whose metrics nobody reads cost a small record each, and so that a scrape sees one status of an object, not two.
/// </summary>
internal sealed class ObjectStates
{
    private static readonly string[] Statuses = ["True", "False", "Unknown"];

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Kind, ObjectKey Key), State> _states = [];
    private readonly Gauge _conditions;
    private readonly Gauge _suspensions;

    public ObjectStates(CollectorRegistry registry, IMetricFactory metrics, string product)
    {
        _conditions = metrics.CreateGauge(
            $"{product}_reconcile_condition", "The current Ready condition of one object.", ["kind", "name", "namespace", "status", "type"]);
        _suspensions = metrics.CreateGauge($"{product}_suspend_status", "1 while the object is suspended.", ["kind", "name", "namespace"]);
        registry.AddBeforeCollectCallback(Publish);
    }

    public void Set(string kind, ObjectKey key, string ready, bool suspended)
    {
        lock (_gate)
        {
            _states[(kind, key)] = new State(ready, suspended);
        }
    }

    public void Remove(string kind, ObjectKey key)
    {
        lock (_gate)
        {
            if (!_states.Remove((kind, key)))
            {
                return;
            }

            _suspensions.RemoveLabelled(kind, key.Name, key.Namespace);
            foreach (var status in Statuses)
            {
                _conditions.RemoveLabelled(kind, key.Name, key.Namespace, status, "Ready");
            }
        }
    }

    private void Publish()
    {
        // Under the lock, so that no series appears again after its object went.
        lock (_gate)
        {
            foreach (var ((kind, key), state) in _states)
            {
                _suspensions.WithLabels(kind, key.Name, key.Namespace).Set(state.IsSuspended ? 1 : 0);
                foreach (var status in Statuses)
                {
                    _conditions.WithLabels(kind, key.Name, key.Namespace, status, "Ready").Set(state.Ready == status ? 1 : 0);
                }
            }
        }
    }

    private readonly record struct State(string Ready, bool IsSuspended);
}
