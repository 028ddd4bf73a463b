using Portcullis.Core.Drift;

namespace Portcullis.Drift;

/// <summary>
/// The last writes by others, in memory: enough to name the user in the Event of a revert, which follows within a second.
/// Bounded, so that nobody can fill it: the oldest quarter goes when it is full.
/// </summary>
internal sealed class EditLog : IEditLog
{
    private const int Capacity = 8192;
    private readonly Dictionary<(string Resource, ObjectKey Key), EditRecord> _records = [];
    private readonly Lock _gate = new();

    public EditRecord? LastEdit(ApiResource resource, ObjectKey key)
    {
        lock (_gate)
        {
            return _records.GetValueOrDefault((resource.QualifiedPlural, key));
        }
    }

    /// <summary>Remembers a write; <paramref name="qualifiedPlural"/> as <see cref="ApiResource.QualifiedPlural"/>.</summary>
    public void Record(string qualifiedPlural, ObjectKey key, EditRecord edit)
    {
        lock (_gate)
        {
            if (_records.Count >= Capacity)
            {
                foreach (var old in _records.OrderBy(r => r.Value.At).Take(Capacity / 4).Select(r => r.Key).ToList())
                {
                    _records.Remove(old);
                }
            }

            _records[(qualifiedPlural, key)] = edit;
        }
    }
}
