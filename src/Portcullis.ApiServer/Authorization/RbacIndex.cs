using System.Collections.Concurrent;
using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Storage;

namespace Portcullis.ApiServer.Authorization;

/// <summary>A binding that applies to a user, and the subject through which it does.</summary>
internal readonly record struct AppliedBinding(RbacBinding Binding, BindingSubject Subject);

/// <summary>
/// Every role and binding in memory, found by (namespace, subject) in one hash look-up each, so that a question costs the same
/// whether there are five bindings elsewhere or five thousand. Writers are serialised; readers take no lock: each look-up sees a
/// whole array, old or new.
/// </summary>
internal sealed class RbacIndex
{
    private readonly Lock _writing = new();
    private readonly ConcurrentDictionary<ObjectKey, IReadOnlyList<PolicyRule>> _roles = new();
    private readonly Dictionary<ObjectKey, RbacBinding> _bindings = [];
    private readonly ConcurrentDictionary<SubjectKey, AppliedBinding[]> _bySubject = new();

    /// <summary>Starts from what is stored and follows every write from then on.</summary>
    public static RbacIndex Of(IObjectStore store)
    {
        var index = new RbacIndex();

        // Observed first, then listed: an object seen twice is put twice, which changes nothing.
        _ = store.Observe(index.Follow);
        foreach (var kind in new[] { RbacKinds.ClusterRole, RbacKinds.Role, RbacKinds.ClusterRoleBinding, RbacKinds.RoleBinding })
        {
            foreach (var stored in store.List(kind))
            {
                lock (index._writing)
                {
                    // What was deleted between the two must not come back.
                    if (store.Get(kind, stored.Key) is { } present)
                    {
                        index.Put(present);
                    }
                }
            }
        }

        return index;
    }

    /// <summary>The rules of a role, or null when there is no such role.</summary>
    public IReadOnlyList<PolicyRule>? RulesOf(RbacBinding binding) => _roles.GetValueOrDefault(binding.RoleKey);

    /// <summary>
    /// The bindings that apply to a user: the cluster's first, then the namespace's (none when it is empty), by the user's own name
    /// and then by each group. Kubernetes promises no order; this one, last name first, is what the recordings show.
    /// </summary>
    public IEnumerable<AppliedBinding> BindingsOf(UserInfo user, string @namespace)
    {
        foreach (var applied in BindingsIn("", user))
        {
            yield return applied;
        }

        if (@namespace.Length > 0)
        {
            foreach (var applied in BindingsIn(@namespace, user))
            {
                yield return applied;
            }
        }
    }

    public void Follow(StoreEvent change)
    {
        var resource = change.Object.Resource;
        if (!RbacKinds.IsRole(resource) && !RbacKinds.IsBinding(resource))
        {
            return;
        }

        lock (_writing)
        {
            if (change.IsDeletion)
            {
                Remove(change.Object);
            }
            else
            {
                Put(change.Object);
            }
        }
    }

    private IEnumerable<AppliedBinding> BindingsIn(string scope, UserInfo user)
    {
        if (_bySubject.TryGetValue(new SubjectKey(scope, false, user.Name), out var own))
        {
            foreach (var applied in own)
            {
                yield return applied;
            }
        }

        foreach (var group in user.Groups)
        {
            if (_bySubject.TryGetValue(new SubjectKey(scope, true, group), out var groups))
            {
                foreach (var applied in groups)
                {
                    yield return applied;
                }
            }
        }
    }

    private void Put(StoredObject stored)
    {
        if (RbacKinds.IsRole(stored.Resource))
        {
            _roles[stored.Key] = PolicyRule.ParseRules(stored.Object);
            return;
        }

        var binding = RbacBinding.Parse(stored.Key, stored.Object);
        if (_bindings.TryGetValue(stored.Key, out var old))
        {
            Unlink(old, old.RoleKey == binding.RoleKey ? binding.Subjects.ToHashSet() : []);

            // The entries that stay point at the old record, which has the same role and key as the new one.
            if (old.RoleKey == binding.RoleKey)
            {
                Link(binding, old.Subjects.ToHashSet());
                _bindings[stored.Key] = binding;
                return;
            }
        }

        Link(binding, []);
        _bindings[stored.Key] = binding;
    }

    private void Remove(StoredObject stored)
    {
        if (RbacKinds.IsRole(stored.Resource))
        {
            _ = _roles.TryRemove(stored.Key, out _);
        }
        else if (_bindings.Remove(stored.Key, out var binding))
        {
            Unlink(binding, []);
        }
    }

    private void Link(RbacBinding binding, HashSet<BindingSubject> except)
    {
        foreach (var subject in binding.Subjects.Distinct())
        {
            if (except.Contains(subject))
            {
                continue;
            }

            var key = new SubjectKey(binding.Key.Namespace, subject.IsGroup, subject.RequestName);
            var present = _bySubject.GetValueOrDefault(key) ?? [];
            var applied = new AppliedBinding(binding, subject);
            var at = Array.FindIndex(present, other => string.CompareOrdinal(other.Binding.Key.Name, binding.Key.Name) <= 0);
            at = at < 0 ? present.Length : at;
            _bySubject[key] = [.. present.AsSpan(0, at), applied, .. present.AsSpan(at)];
        }
    }

    private void Unlink(RbacBinding binding, HashSet<BindingSubject> except)
    {
        foreach (var subject in binding.Subjects.Distinct())
        {
            if (except.Contains(subject))
            {
                continue;
            }

            var key = new SubjectKey(binding.Key.Namespace, subject.IsGroup, subject.RequestName);
            var left = (_bySubject.GetValueOrDefault(key) ?? [])
                .Where(applied => applied.Binding.Key != binding.Key || applied.Subject != subject)
                .ToArray();
            if (left.Length == 0)
            {
                _ = _bySubject.TryRemove(key, out _);
            }
            else
            {
                _bySubject[key] = left;
            }
        }
    }

    /// <summary>Where an entry is filed: scope is the binding's namespace, empty for ClusterRoleBindings.</summary>
    private readonly record struct SubjectKey(string Scope, bool IsGroup, string Name);
}
